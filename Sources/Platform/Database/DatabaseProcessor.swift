package import Postgres

/// What statements run on: the pool, or one open transaction.
package struct DatabaseProcessor: Processor {
  enum Place: Sendable {
    case pool(PostgresClient, OutboxSignal?)
    case transaction(OpenTransaction)
  }

  let place: Place

  /// A processor over `pool`; `signal` is told of every commit that published something.
  package init(pool: PostgresClient, signal: OutboxSignal? = nil) {
    place = .pool(pool, signal)
  }

  init(_ open: OpenTransaction) {
    place = .transaction(open)
  }

  /// True while this task holds a connection of the pool: asking for a second one could deadlock a
  /// full pool.
  @TaskLocal static var holdsConnection = false

  package var isTransaction: Bool {
    if case .transaction = place { true } else { false }
  }

  /// Statements are measured by the driver, so nothing is added here.
  package func process<O: Operation>(_ operation: O) async throws -> O.Output
  where O.Context == Self {
    try await operation.perform(in: self)
  }

  package func run(_ query: PostgresQuery, pipelined: Bool = false) async throws -> PostgresRows {
    switch place {
    case .pool(let pool, _):
      try Self.refuseSecondConnection()
      return pipelined ? try await pool.pipelined(query) : try await pool.query(query)
    case .transaction(let open):
      return try await open.run(query)
    }
  }

  /// Joins the open transaction, or opens one. A body that throws dooms the whole transaction, also
  /// when an outer body catches the error.
  package func transaction<R: Sendable>(
    isolation: PostgresIsolation = .readCommitted,
    _ body: @Sendable (Transaction) async throws -> R
  ) async throws -> R {
    switch place {
    case .transaction(let open):
      let transaction = Transaction(open)
      return try await transaction.dooming { try await body(transaction) }
    case .pool(let pool, let signal):
      try Self.refuseSecondConnection()
      let (result, aftermath) = try await pool.transaction(isolation: isolation) { connection in
        let open = OpenTransaction(connection)
        let transaction = Transaction(open)
        let result = try await Self.$holdsConnection.withValue(true) {
          try await transaction.dooming { try await body(transaction) }
        }
        return (result, try open.end())
      }
      if aftermath.hasPublished { signal?.raise() }
      await aftermath.follow()
      return result
    }
  }

  private static func refuseSecondConnection() throws(SecondConnection) {
    if holdsConnection { throw SecondConnection() }
  }
}

/// A task that holds a transaction asked the pool for another connection.
package struct SecondConnection: Error {}

/// A statement was run, or a commit tried, after the transaction ended or an inner step of it
/// failed.
package struct TransactionEnded: Error {}
