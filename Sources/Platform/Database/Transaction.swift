import Logging
package import Postgres
import Synchronization

/// An open transaction in hand: what locks rows and publishes. Everything that runs on a database
/// runs on it too.
package struct Transaction: Processor {
  let open: OpenTransaction

  init(_ open: OpenTransaction) {
    self.open = open
  }

  /// The same transaction as a place for statements that need none.
  package var database: DatabaseProcessor { DatabaseProcessor(open) }

  package func process<O: Operation>(_ operation: O) async throws -> O.Output
  where O.Context == Self {
    try await operation.perform(in: self)
  }

  /// Statements that need no transaction run in this one.
  package func process<S: Operation>(_ statement: S) async throws -> S.Output
  where S.Context == DatabaseProcessor {
    try await database.process(statement)
  }

  package func run(_ query: PostgresQuery) async throws -> PostgresRows {
    try await open.run(query)
  }

  /// Registers what is to be done once this transaction has committed: something in Redis, an
  /// announcement, waking a worker. A transaction that is rolled back, or whose commit is not known
  /// to have happened, runs none.
  ///
  /// An effect only makes things faster. It is lost with its worker, and an error of it is logged
  /// and reaches nobody, so what must happen has a hook besides.
  package func afterCommit(_ effect: @escaping @Sendable () async throws -> Void) {
    open.add(effect)
  }

  /// Runs `body`; if it throws, nothing of this transaction will be committed.
  func dooming<R>(_ body: () async throws -> R) async throws -> R {
    do {
      return try await body()
    } catch {
      open.doom()
      throw error
    }
  }
}

/// The state of one transaction, shared by all who join it.
final class OpenTransaction: Sendable {
  private enum State {
    case open, doomed, ended
  }

  private struct Storage {
    var state = State.open
    var hasPublished = false
    var effects: [@Sendable () async throws -> Void] = []
  }

  private let connection: PostgresConnection
  private let storage = Mutex(Storage())

  init(_ connection: PostgresConnection) {
    self.connection = connection
  }

  func run(_ query: PostgresQuery) async throws -> PostgresRows {
    guard storage.withLock({ $0.state == .open }) else { throw TransactionEnded() }
    return try await connection.query(query)
  }

  func doom() {
    storage.withLock { $0.state = .doomed }
  }

  func notePublished() {
    storage.withLock { $0.hasPublished = true }
  }

  func add(_ effect: @escaping @Sendable () async throws -> Void) {
    storage.withLock { $0.effects.append(effect) }
  }

  /// What is to be done once a transaction has committed.
  struct Aftermath: Sendable {
    let hasPublished: Bool
    let effects: [@Sendable () async throws -> Void]

    /// Runs the effects in the order in which they were registered.
    func follow() async {
      for effect in effects {
        do {
          try await effect()
        } catch {
          Telemetry.logger.warning(
            "an effect of a committed transaction failed",
            metadata: [LogKey.error: "\(error)"]
          )
        }
      }
    }
  }

  /// Closes the transaction for further statements; what follows its commit.
  func end() throws(TransactionEnded) -> Aftermath {
    let aftermath = storage.withLock { storage -> Aftermath? in
      guard storage.state == .open else { return nil }
      storage.state = .ended
      return Aftermath(hasPublished: storage.hasPublished, effects: storage.effects)
    }
    guard let aftermath else { throw TransactionEnded() }
    return aftermath
  }
}
