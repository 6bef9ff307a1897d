import Contracts
import Platform
import SwiftProtobuf
import TelecomProtos
import WireValues

extension Helium_Telecom_V1_Subscription {
  /// As its owner sees it: with its links, which are secrets.
  init(own subscription: SubscriptionSummary) {
    self.init(subscription)
    links = subscription.links.map { link in
      .with {
        $0.name = link.name
        $0.url = link.url
      }
    }
  }

  /// As operators see it: without links.
  init(_ subscription: SubscriptionSummary) {
    self.init()
    id = subscription.id.description
    suspended = subscription.suspended
    if let active = subscription.active { activePackage = Helium_Telecom_V1_ActivePackage(active) }
    createTime = Google_Protobuf_Timestamp(subscription.createdAt)
    if let at = subscription.lastFetchedAt { lastFetchTime = Google_Protobuf_Timestamp(at) }
    nodeUserID = subscription.nodeUserID
  }
}

extension Helium_Telecom_V1_ActivePackage {
  init(_ active: SubscriptionSummary.ActivePackage) {
    self.init()
    itemID = active.item.description
    packageName = active.name
    usage = .with {
      $0.uploadBytes = active.upload
      $0.downloadBytes = active.download
      $0.quotaBytes = active.quota
    }
    activateTime = Google_Protobuf_Timestamp(active.activatedAt)
    expireTime = Google_Protobuf_Timestamp(active.expiresAt)
    if let at = active.resetsAt { resetTime = Google_Protobuf_Timestamp(at) }
    if let at = active.exhaustedAt { exhaustTime = Google_Protobuf_Timestamp(at) }
  }
}

extension Helium_Telecom_V1_PackageQueueItem {
  init(_ row: QueueItem.List.Row) {
    self.init()
    id = row.id.description
    packageID = row.packageID.description
    packageName = row.packageName
    if let order = row.orderID { orderID = order.description }
    status = Helium_Telecom_V1_PackageStatus(row.status)
    createTime = Google_Protobuf_Timestamp(row.createdAt)
    if let at = row.activatedAt { activateTime = Google_Protobuf_Timestamp(at) }
    if let at = row.expiresAt { expireTime = Google_Protobuf_Timestamp(at) }
    if let at = row.endedAt { endTime = Google_Protobuf_Timestamp(at) }
    endReason = Helium_Telecom_V1_PackageEndReason(row.endReason)
    usage = .with {
      $0.uploadBytes = row.upload
      $0.downloadBytes = row.download
      let used = row.upload + row.download
      $0.quotaBytes =
        Quota(bought: row.quotaBytes, adjustment: row.adjustQuota, used: used).total
    }
    durationSeconds = row.durationSeconds
    if let at = row.resetsAt { resetTime = Google_Protobuf_Timestamp(at) }
    if let at = row.exhaustedAt { exhaustTime = Google_Protobuf_Timestamp(at) }
  }
}

extension Helium_Telecom_V1_SubscriptionFetch {
  init(_ row: SubscriptionFetch.List.Row) {
    self.init()
    fetchTime = Google_Protobuf_Timestamp(row.fetchedAt)
    address = row.address
    userAgent = row.userAgent
    format = row.format
  }
}

extension Helium_Telecom_V1_PackageStatus {
  init(_ status: QueueItem.Status) {
    switch status {
    case .inQueue: self = .inQueue
    case .active: self = .active
    case .consumed: self = .consumed
    case .cancelled: self = .cancelled
    }
  }
}

extension Helium_Telecom_V1_PackageEndReason {
  init(_ reason: QueueItem.EndReason?) {
    switch reason {
    case nil: self = .unspecified
    case .expired: self = .expired
    case .exhausted: self = .exhausted
    case .cancelled: self = .cancelled
    }
  }
}
