import Platform

/// How many entries a top list has.
struct TopLimit: Hashable, Sendable {
  let count: Int32

  private static let most: Int32 = 100
  private static let usual: Int32 = 20

  /// 0: the usual number.
  init(_ count: Int32) throws(InvalidInput) {
    guard (0...Self.most).contains(count) else {
      throw InvalidInput("limit", "must be 1 to \(Self.most), or 0 for \(Self.usual)")
    }
    self.count = count == 0 ? Self.usual : count
  }
}

/// The subscriptions with the most billed traffic.
struct ListTopSubscriptions: AdminOperation {
  static let permission = Permission("telecom.usage.list")

  let time: UsageTime
  let limit: TopLimit

  var target: AuditTarget { AuditTarget("usage", "subscriptions") }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> [UsageHours
    .TopSubscriptions
    .Row]
  {
    try await telecom.database.process(
      UsageHours.TopSubscriptions(since: time.start, before: time.end, rowLimit: limit.count)
    )
  }
}

/// The nodes with the most traffic.
struct ListTopNodes: AdminOperation {
  static let permission = Permission("telecom.usage.list")

  let time: UsageTime
  let limit: TopLimit

  var target: AuditTarget { AuditTarget("usage", "nodes") }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> [UsageHours.TopNodes
    .Row]
  {
    try await telecom.database.process(
      UsageHours.TopNodes(since: time.start, before: time.end, rowLimit: limit.count)
    )
  }
}
