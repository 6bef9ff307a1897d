/// Something that can be done, as a value: what to do, and with what.
///
/// What conforms to nothing more is run by this program alone: by hooks, scheduled jobs, commands
/// and other operations. What is called from outside is a ``CalledOperation``.
package protocol Operation<Context>: Sendable {
  associatedtype Context: Processor
  associatedtype Output: Sendable = Void

  func perform(in context: Context) async throws -> Output
}

/// Carries out operations of its kind: a module its use cases, a transaction its statements.
package protocol Processor: Sendable {
  func process<O: Operation>(_ operation: O) async throws -> O.Output where O.Context == Self
}

extension Processor {
  /// Runs `operation` inside a span, and measures and logs it.
  package func process<O: Operation>(_ operation: O) async throws -> O.Output
  where O.Context == Self {
    try await Telemetry.measured(O.self) { try await operation.perform(in: self) }
  }
}
