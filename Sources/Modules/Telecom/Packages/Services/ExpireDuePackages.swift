import Contracts
import Platform

/// Ends packages that have run out of time, starts the next ones, and resets traffic where a period
/// has begun, in chunks of one transaction each; how many subscriptions it moved.
///
/// Subscriptions that another transaction holds are left to that one, so any number of workers may
/// run this at once.
package struct ExpireDuePackages: Operation {
  /// Small, since traffic and purchases of these subscriptions wait for its locks.
  static let chunk: Int32 = 200

  /// Nil: until nothing is due.
  let maxChunks: Int?

  package init(maxChunks: Int? = nil) {
    self.maxChunks = maxChunks
  }

  package func perform(in telecom: Telecom) async throws -> Int {
    var moved = 0
    var chunks = 0
    while maxChunks.map({ chunks < $0 }) ?? true {
      let count = try await telecom.transaction { chunk in
        let now = chunk.clock.now
        let due = try await chunk.process(
          Subscription.LockDue(now: now, rowLimit: Self.chunk)
        ).map(HeldSubscription.init)
        let groups = try await chunk.process(AdvanceQueues(subscriptions: due, now: now))
        try await chunk.bump(groups)
        return due.count
      }
      moved += count
      chunks += 1
      if count < Int(Self.chunk) { break }
    }
    return moved
  }
}
