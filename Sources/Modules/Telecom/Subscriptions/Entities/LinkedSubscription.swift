import Contracts
import Platform
import SubscriptionFormats

/// What a link leads to, as its clients see it.
struct LinkedSubscription: Sendable {
  let id: Subscription.ID
  let credential: Credential
  /// What its documents are made of.
  let source: DocumentCache.Key.Source
  /// Billed bytes of the package in use, or of the last one.
  let upload: Int64
  let download: Int64
  /// Its quota; nil: there never was a package.
  let quota: Quota?
  let expiresAt: Instant?
  /// When the traffic resets next; nil: never.
  let resetsAt: Instant?
  /// How many devices it or its package allows; 0: any number; nil: as the settings say.
  let hwidLimit: Int32?

  /// Why there are no nodes; nil: there may be some.
  var notice: SubscriptionNotice? {
    if case .notice(let notice) = source { notice } else { nil }
  }

  func info(_ settings: TelecomSettings) -> SubscriptionInfo {
    SubscriptionInfo(
      upload: upload,
      download: download,
      total: quota?.total,
      expires: expiresAt?.seconds,
      title: settings.profileTitle,
      updateIntervalHours: settings.updateIntervalHours,
      webPageURL: settings.webPageURL,
      supportURL: settings.supportURL
    )
  }
}

extension LinkedSubscription {
  /// - Parameter last: what the subscription used last, where it uses nothing now.
  init(_ row: Subscription.FindLinked.Row, last: QueueItem.FindLastEnded.Row?) {
    id = row.id
    credential = Credential(uuid: row.credential)
    source = Self.source(row, last: last)
    upload = row.upload ?? last?.upload ?? 0
    download = row.download ?? last?.download ?? 0
    let used = upload + download
    quota =
      row.quotaBytes.map { Quota(bought: $0, adjustment: row.adjustQuota ?? 0, used: used) }
      ?? last.map { Quota(bought: $0.quotaBytes, adjustment: $0.adjustQuota, used: used) }
    expiresAt = row.expiresAt ?? last?.expiresAt
    resetsAt = row.resetsAt
    hwidLimit = row.hwidLimit
  }

  private static func source(_ row: Subscription.FindLinked.Row, last: QueueItem.FindLastEnded.Row?)
    -> DocumentCache.Key.Source
  {
    if row.suspended { return .notice(.banned) }
    if row.exhaustedAt != nil { return .notice(.exhausted) }
    if let group = row.groupID, let version = row.groupVersion {
      return .group(group, version: version)
    }
    return switch last?.endReason {
    case .expired: .notice(.expired)
    case .exhausted: .notice(.exhausted)
    case .cancelled, nil: .notice(.noPlan)
    }
  }
}
