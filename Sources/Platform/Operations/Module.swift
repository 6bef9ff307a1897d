/// A module: a processor over one database handle, which can be bound to an open transaction.
package protocol Module: Processor {
  var database: DatabaseProcessor { get set }
}

extension Module {
  /// The same module, all of whose statements run in `transaction`.
  package func `in`(_ transaction: Transaction) -> Self {
    var bound = self
    bound.database = transaction.database
    return bound
  }

  /// Runs `body` with this module bound to one transaction: the one already open, or a new one.
  package func transaction<R: Sendable>(_ body: @Sendable (Self, Transaction) async throws -> R)
    async throws -> R
  {
    try await database.transaction { transaction in
      try await body(self.in(transaction), transaction)
    }
  }
}
