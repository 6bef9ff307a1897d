import Postgres
import Synchronization

/// Answers many simultaneous callers with few statements. Callers that arrive while statements are
/// running are answered together by the next one.
///
/// An answer is never older than its question, since its statement begins afterwards. A single
/// caller gets its own statement at once. While the database is down, callers fail without waiting
/// for each other.
package final class SharedReads<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private enum Turn: Sendable {
    case answered(Value?)
    /// Reads for these others, too.
    case read([Waiter])
  }

  private struct Waiter: Sendable {
    let key: Key
    let continuation: CheckedContinuation<Turn, any Error>
  }

  private struct State {
    var reading = 0
    var waiting: [Waiter] = []
    /// Why the last read failed, where that was an outage.
    var outage: (any Error)?
  }

  /// Statements at once: one that hangs doesn't keep everybody waiting, and more would each carry
  /// fewer questions.
  private static var maxReads: Int { 2 }
  /// Callers that one statement answers at most: some tens of kilobytes, and a fraction of a
  /// millisecond.
  private static var maxKeys: Int { 256 }
  /// Callers that may wait; one more is refused, as by a pool. It bounds the memory that an outage
  /// takes.
  private static var maxWaiting: Int { 1_000 }

  private let read: @Sendable ([Key]) async throws -> [Key: Value]
  private let state = Mutex(State())

  /// - Parameter read: the values of different keys, as far as there are any.
  package init(_ read: @escaping @Sendable ([Key]) async throws -> [Key: Value]) {
    self.read = read
  }

  /// The value of a key as it is now, or nil where there is none. Throws what the read throws, and
  /// `PostgresClientError.poolExhausted` when too many wait.
  package func callAsFunction(_ key: Key) async throws -> Value? {
    let turn = try await withCheckedThrowingContinuation { continuation in
      let answer: Result<Turn, any Error>? = state.withLock { state in
        if state.reading < Self.maxReads {
          state.reading += 1
          return .success(.read([]))
        }
        if let outage = state.outage { return .failure(outage) }
        guard state.waiting.count < Self.maxWaiting else {
          return .failure(PostgresClientError.poolExhausted)
        }
        state.waiting.append(Waiter(key: key, continuation: continuation))
        return nil
      }
      if let answer { continuation.resume(with: answer) }
    }
    switch turn {
    case .answered(let value): return value
    case .read(let others): return try await read(key, with: others)
    }
  }

  /// Statements under way, and callers who wait for the next.
  var load: Int { state.withLock { $0.reading + $0.waiting.count } }

  private func read(_ key: Key, with others: [Waiter]) async throws -> Value? {
    do {
      let values = try await read(others.isEmpty ? [key] : Array(Set(others.map(\.key) + [key])))
      passOn(outage: nil)
      for other in others { other.continuation.resume(returning: .answered(values[other.key])) }
      return values[key]
    } catch {
      if Task.isCancelled, let next = others.first {
        // This caller itself gave up.
        next.continuation.resume(returning: .read(Array(others.dropFirst())))
      } else {
        passOn(outage: DependencyUnavailable(error) == nil ? nil : error)
        for other in others { other.continuation.resume(throwing: error) }
      }
      throw error
    }
  }

  /// Lets one of those who wait read for all of them; in an outage nobody, and they have its error.
  private func passOn(outage: (any Error)?) {
    let next = state.withLock { state in
      state.outage = outage
      let next = Array(state.waiting.prefix(outage == nil ? Self.maxKeys : state.waiting.count))
      state.waiting.removeFirst(next.count)
      if next.isEmpty || outage != nil { state.reading -= 1 }
      return next
    }
    if let outage {
      for waiter in next { waiter.continuation.resume(throwing: outage) }
      return
    }
    next.first?.continuation.resume(returning: .read(Array(next.dropFirst())))
  }
}
