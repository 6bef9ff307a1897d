import AgentProtocols
import Contracts
import Platform

/// Adds up a batch of reports: the new totals of queue items, the usage by hour, and the rows to
/// set aside.
struct UsageTally: Sendable {
  /// Whose traffic it is.
  let subscriptions: [Int32: Subscription.ID]
  /// The item in use, then those that ended lately, the latest first.
  let items: [Subscription.ID: [Item]]
  /// Which node servers a group's packages may use.
  let servers: [NodeGroup.ID: Set<NodeServer.ID>]
  /// Which servers they could use until recently, and until when.
  let pastServers: [NodeGroup.ID: [NodeServer.ID: Instant]]
  /// How long traffic still counts after an item's end, or after a server was taken from its group.
  let grace: Duration

  private(set) var totals: [PackageQueueItem.ID: Total] = [:]
  private(set) var hours: [Hour: Usage] = [:]
  private(set) var setAside: [TrafficSetAside] = []

  /// Totals stop here instead of overflowing. The sum of two totals still fits.
  static let largestTotal: Int64 = 1 << 61

  struct Item: Hashable, Sendable {
    let id: PackageQueueItem.ID
    let group: NodeGroup.ID
    let activatedAt: Instant
    /// Nil: it is in use.
    let endedAt: Instant?
    /// When its traffic was last reset; nil: never.
    var periodBeganAt: Instant? = nil
    let upload: Int64
    let download: Int64
  }

  struct Total: Hashable, Sendable {
    var upload: Int64
    var download: Int64
  }

  struct Hour: Hashable, Sendable {
    let start: Instant
    let subscription: Subscription.ID
    let node: NodeServer.ID
  }

  struct Usage: Hashable, Sendable {
    var rawUpload: Int64 = 0
    var rawDownload: Int64 = 0
    var billedUpload: Int64 = 0
    var billedDownload: Int64 = 0
  }

  struct Report: Sendable {
    let id: TrafficReport.ID
    let node: NodeServer.ID
    let entries: [TrafficReport.Entry]
    let factorThousandths: Int32
    /// How many times it was accepted and not yet applied.
    let copies: Int
    let receivedAt: Instant
  }

  init(
    subscriptions: [Int32: Subscription.ID],
    items: [Subscription.ID: [Item]],
    servers: [NodeGroup.ID: Set<NodeServer.ID>],
    pastServers: [NodeGroup.ID: [NodeServer.ID: Instant]] = [:],
    grace: Duration
  ) {
    self.subscriptions = subscriptions
    self.items = items.mapValues { items in
      items.sorted { ($0.endedAt?.microseconds ?? .max) > ($1.endedAt?.microseconds ?? .max) }
    }
    self.servers = servers
    self.pastServers = pastServers
    self.grace = grace
  }

  /// How many reports, from the first, name at most `maxUsers` users between them; one, if there
  /// is any, that names more.
  static func countOfReports(_ users: [[Int32]], maxUsers: Int) -> Int {
    var named: Set<Int32> = []
    for (index, users) in users.enumerated() {
      named.formUnion(users)
      if named.count > maxUsers { return max(1, index) }
    }
    return users.count
  }

  mutating func add(_ report: Report) {
    for entry in report.entries {
      switch verdict(on: entry, of: report) {
      case .bill(let item, let subscription):
        bill(entry, of: report, to: item, subscription)
      case .setAside(let reason):
        let row = TrafficSetAside(
          report: report.id,
          node: report.node,
          entry: entry,
          reason: reason
        )
        setAside.append(contentsOf: repeatElement(row, count: report.copies))
      }
    }
  }

  private enum Verdict {
    case bill(Item, Subscription.ID)
    case setAside(TrafficSetAside.Reason)
  }

  private func verdict(on entry: TrafficReport.Entry, of report: Report) -> Verdict {
    guard let subscription = subscriptions[entry.user] else { return .setAside(.unknownUser) }
    guard entry.upload <= TrafficBilling.maxRawBytes, entry.download <= TrafficBilling.maxRawBytes
    else { return .setAside(.absurd) }
    // Traffic belongs to the package that was in use when it was reported, or to one that had ended
    // shortly before: never to a later one.
    let candidates = (items[subscription] ?? []).filter { item in
      item.activatedAt <= report.receivedAt
        && (item.endedAt.map { $0 >= report.receivedAt - grace } ?? true)
    }
    guard !candidates.isEmpty else { return .setAside(.nothingActive) }
    guard let item = candidates.first(where: { mayUse(report, of: $0.group) }) else {
      return .setAside(.notEligible)
    }
    return .bill(item, subscription)
  }

  private func mayUse(_ report: Report, of group: NodeGroup.ID) -> Bool {
    if servers[group]?.contains(report.node) ?? false { return true }
    return pastServers[group]?[report.node].map { $0 >= report.receivedAt - grace } ?? false
  }

  private mutating func bill(
    _ entry: TrafficReport.Entry,
    of report: Report,
    to item: Item,
    _ subscription: Subscription.ID
  ) {
    let copies = Int64(report.copies)
    let upload = TrafficBilling.billed(entry.upload, factorThousandths: report.factorThousandths)
      .multipliedSaturated(by: copies)
    let download = TrafficBilling.billed(
      entry.download,
      factorThousandths: report.factorThousandths
    ).multipliedSaturated(by: copies)
    // Traffic reported in an earlier period no longer has a total; it still counts in the hours.
    if item.periodBeganAt.map({ $0 <= report.receivedAt }) ?? true {
      var total = totals[item.id] ?? Total(upload: item.upload, download: item.download)
      total.upload = min(total.upload.addingSaturated(upload), Self.largestTotal)
      total.download = min(total.download.addingSaturated(download), Self.largestTotal)
      totals[item.id] = total
    }

    let hour = Hour(
      start: report.receivedAt.startOfHour,
      subscription: subscription,
      node: report.node
    )
    var usage = hours[hour] ?? Usage()
    usage.rawUpload = usage.rawUpload.addingSaturated(entry.upload.multipliedSaturated(by: copies))
    usage.rawDownload = usage.rawDownload.addingSaturated(
      entry.download.multipliedSaturated(by: copies)
    )
    usage.billedUpload = min(usage.billedUpload.addingSaturated(upload), Self.largestTotal)
    usage.billedDownload = min(usage.billedDownload.addingSaturated(download), Self.largestTotal)
    hours[hour] = usage
  }
}

extension Instant {
  /// The hour of UTC that it is in.
  fileprivate var startOfHour: Instant {
    let hour: Int64 = 3_600_000_000
    let remainder = microseconds % hour
    return Instant(microseconds: microseconds - (remainder < 0 ? remainder + hour : remainder))
  }
}
