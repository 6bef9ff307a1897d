import Contracts
import Platform

/// Puts an unbanned account's subscriptions back on its nodes.
struct ResumeSubscription: EventHandler {
  func handle(_ event: AccountUnbanned, in telecom: InTransaction<Telecom>) async throws {
    try await telecom.process(ApplyStanding(account: event.account))
  }
}
