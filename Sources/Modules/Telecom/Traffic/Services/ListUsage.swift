import Contracts
import Platform

/// What a subscription used by the hour or day, the newest first.
struct ListUsage: Operation {
  let subscription: Subscription.ID
  /// Nil: on every node.
  let node: NodeServer.ID?
  let time: UsageTime.Bounds
  let bucket: UsageBucket
  let page: PageRequest

  func perform(in telecom: Telecom) async throws -> Page<UsageHours.ListOfSubscription.Row> {
    let time = try time.resolved(at: telecom.clock.now)
    let rows = try await telecom.process(
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
