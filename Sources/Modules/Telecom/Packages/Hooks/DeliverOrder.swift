import Contracts
import Platform

/// Puts what an order bought into its subscription's queue.
struct DeliverOrder: EventHandler {
  func handle(_ event: OrderPaid, in telecom: InTransaction<Telecom>) async throws {
    // An order for something other than packages, e.g. a top-up.
    guard !event.packages.isEmpty else { return }
    do {
      _ = try await telecom.process(
        QueuePackages(
          account: event.account,
          subscription: event.subscription,
          packages: event.packages,
          order: event.order
        )
      )
    } catch let error as any DomainError {
      // A retry can't succeed: an operator must fix the cause and replay the message.
      throw Discard(error.message)
    }
  }
}
