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
}

/// The state of one transaction, shared by all who join it.
final class OpenTransaction: Sendable {
  private enum State {
    case open, doomed, ended
  }

  private struct Storage {
    var state = State.open
    var hasPublished = false
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

  /// Closes the transaction for further statements; whether it published anything.
  func end() throws(TransactionEnded) -> Bool {
    let (isOpen, hasPublished) = storage.withLock { storage in
      let isOpen = storage.state == .open
      if isOpen { storage.state = .ended }
      return (isOpen, storage.hasPublished)
    }
    guard isOpen else { throw TransactionEnded() }
    return hasPublished
  }
}
