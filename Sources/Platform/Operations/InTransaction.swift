/// A module at work inside one transaction: the one handle of an operation that changes something.
///
/// It has the module's properties, runs statements, other operations of the module, and statements
/// that lock rows, publishes messages, and takes what is to be done after the commit.
@dynamicMemberLookup
package struct InTransaction<M: Module>: Workplace {
  package typealias Home = M

  /// The module, bound to the transaction.
  package let module: M
  package let transaction: Transaction

  init(_ module: M, _ transaction: Transaction) {
    self.module = module
    self.transaction = transaction
  }

  package var database: DatabaseProcessor { transaction.database }

  package subscript<Value>(dynamicMember member: KeyPath<M, Value>) -> Value {
    module[keyPath: member]
  }

  package static func run<R: Sendable>(
    in module: M,
    _ body: @Sendable (Self) async throws -> R
  ) async throws -> R {
    try await module.transaction(body)
  }

  /// Runs another operation in this transaction. One that throws dooms the whole transaction, also
  /// when its error is caught.
  package func process<O: Operation>(_ operation: O) async throws -> O.Output
  where O.Context == Self {
    try await transaction.dooming {
      try await Telemetry.measured(O.self) { try await operation.perform(in: self) }
    }
  }

  /// Runs an operation that needs no transaction in this one.
  package func process<O: Operation>(_ operation: O) async throws -> O.Output
  where O.Context == M {
    try await module.process(operation)
  }

  /// Runs an operation in this transaction as `caller` calls it.
  package func process<O: CalledOperation>(
    _ operation: O,
    as caller: O.Caller
  ) async throws -> O.Output where O.Context.Home == M {
    try await module.process(operation, as: caller)
  }

  /// Runs one statement that needs a transaction, as one that locks rows does.
  package func process<S: Operation>(_ statement: S) async throws -> S.Output
  where S.Context == Transaction {
    try await transaction.process(statement)
  }

  /// Runs one statement.
  package func process<S: Operation>(_ statement: S) async throws -> S.Output
  where S.Context == DatabaseProcessor {
    try await transaction.process(statement)
  }

  /// Writes `message` to the outbox; the relay sends it after the commit.
  package func publish(_ message: some Message) async throws {
    try await transaction.publish(message)
  }

  /// Writes `messages` to the outbox, in their order.
  package func publish(_ messages: [any Message]) async throws {
    try await transaction.publish(messages)
  }

  /// Registers what is to be done once this transaction has committed; see
  /// ``Transaction/afterCommit(_:)``.
  package func afterCommit(_ effect: @escaping @Sendable () async throws -> Void) {
    transaction.afterCommit(effect)
  }
}
