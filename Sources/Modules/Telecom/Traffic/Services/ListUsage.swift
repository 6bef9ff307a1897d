import Contracts
import Platform

/// What a subscription used by the hour or day, the newest first.
struct ListUsage: Operation {
  let subscription: Subscription.ID
  /// Nil: on every node.
  let node: NodeServer.ID?
  let time: UsageTime
  let bucket: UsageBucket
  let page: PageRequest

  func perform(in telecom: Telecom) async throws -> Page<UsageHours.ListOfSubscription.Row> {
    let rows = try await telecom.database.process(
      UsageHours.ListOfSubscription(
        bucket: bucket.rawValue,
        timeZone: telecom.settings().timeZone,
        subscriptionID: subscription,
        since: time.start,
        before: min(time.end, try page.cursor() ?? time.end),
        nodeID: node,
        rowLimit: Int32(page.size + 1)
      )
    )
    return try Page(rows, page) { $0.start }
  }
}

/// The same for the subscription's owner.
struct ListOwnUsage: Operation {
  let usage: ListUsage
  let account: Account.ID

  func perform(in telecom: Telecom) async throws -> Page<UsageHours.ListOfSubscription.Row> {
    _ = try await telecom.process(GetSubscription(id: usage.subscription, account: account))
    return try await telecom.process(usage)
  }
}

/// The same for operators.
struct ListSubscriptionUsage: AdminOperation {
  static let permission = Permission("telecom.usage.list")

  let usage: ListUsage

  var target: AuditTarget { AuditTarget("subscription", usage.subscription.description) }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> Page<
    UsageHours.ListOfSubscription.Row
  > {
    try await telecom.process(usage)
  }
}

/// What was used on a node by the hour or day, the newest first.
struct ListNodeUsage: AdminOperation {
  static let permission = Permission("telecom.usage.list")

  let node: NodeServer.ID
  let time: UsageTime
  let bucket: UsageBucket
  let page: PageRequest

  var target: AuditTarget { AuditTarget("node_server", String(node)) }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> Page<
    UsageHours.ListOfNode.Row
  > {
    let rows = try await telecom.database.process(
      UsageHours.ListOfNode(
        bucket: bucket.rawValue,
        timeZone: telecom.settings().timeZone,
        nodeID: node,
        since: time.start,
        before: min(time.end, try page.cursor() ?? time.end),
        rowLimit: Int32(page.size + 1)
      )
    )
    return try Page(rows, page) { $0.start }
  }
}
