import Contracts
import Platform

/// A subscription's packages in the order of its queue.
struct ListQueue: Operation {
  let subscription: Subscription.ID
  /// Also those that have ended.
  let withEnded: Bool
  let page: PageRequest

  func perform(in telecom: Telecom) async throws -> Page<QueueItem.List.Row> {
    let rows = try await telecom.process(
      QueueItem.List(
        subscriptionID: subscription,
        afterPosition: try page.cursor() ?? 0,
        withEnded: withEnded,
        rowLimit: Int32(page.size + 1)
      )
    )
    return try Page(rows, page) { $0.position }
  }
}
