import AsyncAlgorithms
package import Postgres
import ServiceLifecycle
import Synchronization

/// Tells relays that messages wait: one NOTIFY per process per 10 ms, however many transactions
/// committed.
///
/// A NOTIFY inside the transaction would serialise commits (measured: 0.42x commits at 16 clients),
/// so it is sent after it, and the relay polls as well: a lost signal costs a second, never a
/// message.
package final class OutboxSignal: Service {
  package static let channel = "helium_outbox"

  /// A shorter gap sends more NOTIFYs than relays can use; users would notice a longer one.
  private static let gap = Duration.milliseconds(10)

  private let pool: PostgresClient
  private let isRaised = Mutex(false)
  private let wakeUps: AsyncStream<Void>
  private let wakeUp: AsyncStream<Void>.Continuation

  package init(pool: PostgresClient) {
    self.pool = pool
    (wakeUps, wakeUp) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  func raise() {
    let wasRaised = isRaised.withLock { raised in
      defer { raised = true }
      return raised
    }
    if !wasRaised { wakeUp.yield() }
  }

  package func run() async throws {
    for await _ in wakeUps.cancelOnGracefulShutdown() {
      isRaised.withLock { $0 = false }
      // A failure needs no answer: the relay's poll finds the messages.
      _ = try? await pool.query(PostgresQuery("SELECT pg_notify('\(Self.channel)', '')"))
      try? await Task.sleep(for: Self.gap)
    }
  }
}
