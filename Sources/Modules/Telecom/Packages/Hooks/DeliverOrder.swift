import Contracts
import Platform

/// Puts what an order bought into its subscription's queue.
struct DeliverOrder: EventHandler {
  func handle(_ event: OrderPaid, in telecom: Telecom) async throws {
    // An order of something else than packages, e.g. a top-up.
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
      // Another try can't end better: an operator mends the cause and replays it.
      throw Discard(error.message)
    }
  }
}
