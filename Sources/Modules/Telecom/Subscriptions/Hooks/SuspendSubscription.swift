import Contracts
import Platform

/// Takes a banned account's subscriptions off every node.
struct SuspendSubscription: EventHandler {
  func handle(_ event: AccountBanned, in telecom: InTransaction<Telecom>) async throws {
    try await telecom.process(ApplyStanding(account: event.account))
  }
}
