import Contracts
import Platform

/// A subscription as its owner and operators see it, with its active package.
struct SubscriptionSummary: Identifiable, Hashable, Sendable {
  let id: Subscription.ID
  let nodeUserID: Int32
  let linkToken: LinkToken
  /// Where its owner's clients fetch it, on each of the operator's domains.
  let links: [Link]
  let suspended: Bool
  let createdAt: Instant
  let lastFetchedAt: Instant?
  let active: ActivePackage?

  struct Link: Hashable, Sendable {
    /// What customers choose it by.
    let name: String
    let url: String
  }

  /// The package in use.
  struct ActivePackage: Hashable, Sendable {
    let item: PackageQueueItem.ID
    let name: String
    /// Billed bytes.
    let upload: Int64
    let download: Int64
    let quota: Int64
    let activatedAt: Instant
    let expiresAt: Instant
    let resetsAt: Instant?
    let exhaustedAt: Instant?
  }

  /// Why a subscription can't be created.
  enum OpeningError: String, DomainError {
    case tooManySubscriptions

    var kind: FailureKind { .failedPrecondition }
  }
}

extension SubscriptionSummary {
  init(_ row: SubscriptionSummary.Row, links templates: [LinkTemplate]) {
    let token = LinkToken(stored: row.linkToken)
    id = row.id
    nodeUserID = row.nodeUserID
    linkToken = token
    links = templates.map { Link(name: $0.name, url: $0.url(for: token)) }
    suspended = row.suspended
    createdAt = row.createdAt
    lastFetchedAt = row.lastFetchedAt
    if let item = row.itemID, let name = row.packageName, let upload = row.upload,
      let download = row.download,
      let adjustQuota = row.adjustQuota, let quotaBytes = row.quotaBytes,
      let activatedAt = row.activatedAt, let expiresAt = row.expiresAt
    {
      active = ActivePackage(
        item: item,
        name: name,
        upload: upload,
        download: download,
        quota: Quota(bought: quotaBytes, adjustment: adjustQuota, used: upload + download).total,
        activatedAt: activatedAt,
        expiresAt: expiresAt,
        resetsAt: row.resetsAt,
        exhaustedAt: row.exhaustedAt
      )
    } else {
      active = nil
    }
  }
}
