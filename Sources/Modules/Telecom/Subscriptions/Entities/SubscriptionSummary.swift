import Contracts
import Platform

/// A subscription as its owner and operators see it, with its active package.
struct SubscriptionSummary: Identifiable, Hashable, Sendable {
  let id: Subscription.ID
  let nodeUserID: Int32
  let linkToken: LinkToken
  let suspended: Bool
  let createdAt: Instant
  let lastFetchedAt: Instant?
  let active: ActivePackage?

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

  /// Why a subscription can't be had.
  enum OpeningError: String, DomainError {
    case tooManySubscriptions

    var kind: FailureKind { .failedPrecondition }
  }
}

/// A row of a subscription with its active package, by whichever statement.
protocol SubscriptionRow {
  var id: Subscription.ID { get }
  var nodeUserId: Int32 { get }
  var linkToken: [UInt8] { get }
  var suspended: Bool { get }
  var createdAt: Instant { get }
  var lastFetchedAt: Instant? { get }
  var itemId: PackageQueueItem.ID? { get }
  var packageName: String? { get }
  var upload: Int64? { get }
  var download: Int64? { get }
  var adjustQuota: Int64? { get }
  var quotaBytes: Int64? { get }
  var activatedAt: Instant? { get }
  var expiresAt: Instant? { get }
  var resetsAt: Instant? { get }
  var exhaustedAt: Instant? { get }
}

extension SelectSubscription.Row: SubscriptionRow {}
extension SelectSubscriptionsOfAccount.Row: SubscriptionRow {}

extension SubscriptionSummary {
  init(_ row: some SubscriptionRow) {
    id = row.id
    nodeUserID = row.nodeUserId
    linkToken = LinkToken(stored: row.linkToken)
    suspended = row.suspended
    createdAt = row.createdAt
    lastFetchedAt = row.lastFetchedAt
    if let item = row.itemId, let name = row.packageName, let upload = row.upload,
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
