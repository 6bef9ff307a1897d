import Contracts
import Platform

/// Brings one subscription's queue up to date, when somebody notices that it is not.
struct AdvanceSubscription: Operation {
  let id: Subscription.ID

  func perform(in telecom: InTransaction<Telecom>) async throws {
    guard let row = try await telecom.process(Subscription.Lock(id: id)) else { return }
    let groups = try await telecom.process(
      AdvanceQueues(subscriptions: [HeldSubscription(row)], now: telecom.clock.now)
    )
    try await telecom.bump(groups)
  }
}
