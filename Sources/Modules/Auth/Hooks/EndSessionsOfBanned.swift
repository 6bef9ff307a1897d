import Contracts
import Platform

/// Ends the sessions of a banned account, also when the worker that banned it died before it could.
struct EndSessionsOfBanned: EventHandler {
  func handle(_ event: AccountBanned, in auth: InTransaction<Auth>) async throws {
    // The account was unbanned in the meantime, so its new sessions are valid.
    guard try await auth.process(Account.Find(id: event.account))?.isBanned == true else { return }
    try await Sessions(redis: auth.redis).endAll(of: event.account)
  }
}
