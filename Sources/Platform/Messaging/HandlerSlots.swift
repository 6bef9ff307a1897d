import Synchronization

/// Bounds how many handlers of one process are in a transaction at once, over all of its queues: so
/// that they leave the pool connections.
///
/// Each queue may use all slots while the others are quiet. Waiting handlers are served first come,
/// first served.
package final class HandlerSlots: Sendable {
  /// Connections that are left to what a worker does beside its queues: the relay, the merger of
  /// traffic, and readiness.
  static let reserved = 3

  private struct State {
    var free: Int
    var waiters: [(id: UInt64, continuation: CheckedContinuation<Bool, Never>)] = []
    var nextID: UInt64 = 0
    var cancelled: Set<UInt64> = []
  }

  private let state: Mutex<State>

  /// Slots for a pool of `poolSize` connections: one at least.
  package init(poolSize: Int) {
    state = Mutex(State(free: max(1, poolSize - Self.reserved)))
  }

  /// Runs `body` once a slot is free. Throws `CancellationError` when the task is cancelled while
  /// it waits.
  func withSlot<R>(_ body: () async throws -> R) async throws -> R {
    try await acquire()
    defer { release() }
    return try await body()
  }

  private func acquire() async throws {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    let isMine = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer: Bool? = state.withLock { state in
          if state.cancelled.remove(id) != nil { return false }
          guard state.free == 0 else {
            state.free -= 1
            return true
          }
          state.waiters.append((id, continuation))
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      let waiter = state.withLock { state in
        // Not waiting yet: the task that is about to wait must find this.
        guard let index = state.waiters.firstIndex(where: { $0.id == id }) else {
          state.cancelled.insert(id)
          return nil as CheckedContinuation<Bool, Never>?
        }
        return state.waiters.remove(at: index).continuation
      }
      waiter?.resume(returning: false)
    }
    _ = state.withLock { $0.cancelled.remove(id) }
    guard isMine else { throw CancellationError() }
  }

  private func release() {
    let next = state.withLock { state in
      guard state.waiters.isEmpty else {
        return state.waiters.removeFirst().continuation as CheckedContinuation<Bool, Never>?
      }
      state.free += 1
      return nil
    }
    next?.resume(returning: true)
  }
}
