/// A module of the domain: it carries out its operations over one database handle, which can be
/// bound to an open transaction.
package protocol Module: Workplace where Home == Self {
  /// The module's name in lower case, e.g. `shop`: part of keys, queues and schemas.
  static var name: String { get }

  var database: DatabaseProcessor { get set }
  /// What checks and records the calls of this module's operations.
  var gate: CallGate { get }
}

extension Module {
  /// The same module, all of whose statements run in `transaction`.
  package func `in`(_ transaction: Transaction) -> Self {
    var bound = self
    bound.database = transaction.database
    return bound
  }

  /// Runs `body` in one transaction: the one already open, or a new one.
  package func transaction<R: Sendable>(
    _ body: @Sendable (InTransaction<Self>) async throws -> R
  ) async throws -> R {
    try await database.transaction { transaction in
      try await body(InTransaction(self.in(transaction), transaction))
    }
  }

  /// Runs an operation that needs a transaction in the one already open, or in a new one.
  package func process<O: Operation>(_ operation: O) async throws -> O.Output
  where O.Context == InTransaction<Self> {
    try await transaction { place in try await place.process(operation) }
  }

  /// Runs one statement.
  package func process<S: Operation>(_ statement: S) async throws -> S.Output
  where S.Context == DatabaseProcessor {
    try await database.process(statement)
  }
}

/// Where an operation of a module runs: the module itself, or the module inside a transaction.
///
/// An operation chooses by the type that its `perform` takes.
package protocol Workplace: Processor {
  associatedtype Home: Module

  /// What statements run on here.
  var database: DatabaseProcessor { get }

  /// Runs `body` in this kind of place of `module`.
  static func run<R: Sendable>(
    in module: Home,
    _ body: @Sendable (Self) async throws -> R
  ) async throws -> R
}

extension Module {
  package static func run<R: Sendable>(
    in module: Self,
    _ body: @Sendable (Self) async throws -> R
  ) async throws -> R {
    try await body(module)
  }
}
