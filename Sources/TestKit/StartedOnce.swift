import Synchronization

/// A value made when it is first asked for, by whoever asks first, and kept.
package final class StartedOnce<Value: Sendable>: Sendable {
  private let make: @Sendable () async throws -> Value
  private let task = Mutex<Task<Value, any Error>?>(nil)

  package init(_ make: @escaping @Sendable () async throws -> Value) {
    self.make = make
  }

  /// The value, or the error that making it ended with.
  package var value: Value {
    get async throws { try await begun.value }
  }

  /// Begins to make the value, without waiting for it.
  package func begin() {
    _ = begun
  }

  // A task of its own: the test that asks first may be cancelled, and the others need the value
  // nevertheless.
  private var begun: Task<Value, any Error> {
    task.withLock { task in
      if let task { return task }
      let new = Task { [make] in try await make() }
      task = new
      return new
    }
  }
}
