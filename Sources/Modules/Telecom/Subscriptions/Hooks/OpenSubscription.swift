import Contracts
import Platform

/// Gives a new account its first subscription.
struct OpenSubscription: EventHandler {
  func handle(_ event: AccountRegistered, in telecom: InTransaction<Telecom>) async throws {
    try await telecom.process(EnsureSubscription(account: event.account))
  }
}
