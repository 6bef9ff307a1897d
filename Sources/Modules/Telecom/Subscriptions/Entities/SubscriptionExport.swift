import AgentProtocols
import FoundationEssentials
import Platform

/// What an account's owner gets of one subscription: all that is kept, without its link's token, its
/// credential, and its traffic by the hour. Times are in ISO 8601.
struct SubscriptionExport: Encodable, Sendable {
  let id: String
  let nodeUserID: Int32
  let isSuspended: Bool
  let createTime: String
  let lastFetchTime: String?
  let packages: [Package]
  let devices: [Device]
  let fetches: [Fetch]
  let fetchDays: [FetchDay]
  let ruleHits: [RuleHit]

  struct Package: Encodable, Sendable {
    let id: String
    let name: String
    let order: String?
    let status: QueueItem.Status
    let createTime: String
    let activateTime: String?
    let expireTime: String?
    let endTime: String?
    let endReason: QueueItem.EndReason?
    /// Billed bytes.
    let uploadBytes: Int64
    let downloadBytes: Int64
    let quotaBytes: Int64
  }

  struct Device: Encodable, Sendable {
    let hwid: String
    let platform: String
    let osVersion: String
    let model: String
    let userAgent: String
    let firstSeenTime: String
    let lastSeenTime: String
  }

  struct Fetch: Encodable, Sendable {
    let fetchTime: String
    let address: String
    let userAgent: String
    let format: String
  }

  struct FetchDay: Encodable, Sendable {
    let day: String
    let fetches: Int64
    let addresses: [String]
  }

  struct RuleHit: Encodable, Sendable {
    let server: Int32
    let rule: Int32
    let hits: Int64
    let firstHitTime: String
    let lastHitTime: String
  }
}

extension SubscriptionExport {
  init(
    _ subscription: SubscriptionSummary,
    packages: [QueueItem.List.Row],
    devices: [SubscriptionDevice.List.Row],
    fetches: [SubscriptionFetch.List.Row],
    fetchDays: [SubscriptionFetch.ListDays.Row],
    ruleHits: [RuleHits.List.Row]
  ) {
    self.init(
      id: subscription.id.description,
      nodeUserID: subscription.nodeUserID,
      isSuspended: subscription.suspended,
      createTime: subscription.createdAt.iso8601,
      lastFetchTime: subscription.lastFetchedAt?.iso8601,
      packages: packages.map(Package.init),
      devices: devices.map(Device.init),
      fetches: fetches.map(Fetch.init),
      fetchDays: fetchDays.map(FetchDay.init),
      ruleHits: ruleHits.map(RuleHit.init)
    )
  }
}

extension SubscriptionExport.Package {
  fileprivate init(_ row: QueueItem.List.Row) {
    let quota = Quota(
      bought: row.quotaBytes,
      adjustment: row.adjustQuota,
      used: row.upload + row.download
    )
    self.init(
      id: row.id.description,
      name: row.packageName,
      order: row.orderID?.description,
      status: row.status,
      createTime: row.createdAt.iso8601,
      activateTime: row.activatedAt?.iso8601,
      expireTime: row.expiresAt?.iso8601,
      endTime: row.endedAt?.iso8601,
      endReason: row.endReason,
      uploadBytes: row.upload,
      downloadBytes: row.download,
      quotaBytes: quota.total
    )
  }
}

extension SubscriptionExport.Device {
  fileprivate init(_ row: SubscriptionDevice.List.Row) {
    self.init(
      hwid: row.hwid,
      platform: row.platform,
      osVersion: row.osVersion,
      model: row.model,
      userAgent: row.userAgent,
      firstSeenTime: row.firstSeenAt.iso8601,
      lastSeenTime: row.lastSeenAt.iso8601
    )
  }
}

extension SubscriptionExport.Fetch {
  fileprivate init(_ row: SubscriptionFetch.List.Row) {
    self.init(
      fetchTime: row.fetchedAt.iso8601,
      address: row.address,
      userAgent: row.userAgent,
      format: row.format
    )
  }
}

extension SubscriptionExport.FetchDay {
  fileprivate init(_ row: SubscriptionFetch.ListDays.Row) {
    self.init(day: row.day, fetches: row.fetches, addresses: row.addresses)
  }
}

extension SubscriptionExport.RuleHit {
  fileprivate init(_ row: RuleHits.List.Row) {
    self.init(
      server: row.nodeID,
      rule: row.ruleID,
      hits: row.hits,
      firstHitTime: row.firstHitAt.iso8601,
      lastHitTime: row.lastHitAt.iso8601
    )
  }
}
