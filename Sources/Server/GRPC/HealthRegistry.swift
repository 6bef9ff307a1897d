import Synchronization

/// Which gRPC services can serve now, and who watches for changes.
package final class HealthRegistry: Sendable {
  /// What is known of a service.
  package enum Status: Sendable {
    case serving, notServing
  }

  /// The statuses of one service from now on; nil while the service is unknown. It ends when
  /// `cancel` is called or the server drains.
  struct Watch: Sendable {
    let statuses: AsyncStream<Status?>
    let cancel: @Sendable () -> Void
  }

  private struct Watcher {
    let service: String
    let continuation: AsyncStream<Status?>.Continuation
  }

  private struct State {
    var statuses: [String: Status]
    var watchers: [UInt64: Watcher] = [:]
    var nextWatcher: UInt64 = 0
    var isDraining = false
  }

  private let state: Mutex<State>

  /// The services by their full names; the empty name stands for the server as a whole. All are
  /// `notServing` until told otherwise.
  package init(services: [String]) {
    let names = Set(services).union([""])
    state = Mutex(
      State(statuses: Dictionary(uniqueKeysWithValues: names.map { ($0, .notServing) }))
    )
  }

  /// Sets the status of every service. Once the server drains, nothing serves again.
  package func setAll(_ status: Status) {
    state.withLock { state in
      guard !state.isDraining else { return }
      for service in state.statuses.keys { Self.set(status, of: service, in: &state) }
    }
  }

  /// Sets the status of one service, which need not have been known before.
  package func set(_ status: Status, of service: String) {
    state.withLock { state in
      guard !state.isDraining else { return }
      Self.set(status, of: service, in: &state)
    }
  }

  /// The server is shutting down: no service serves any more, and each watcher is told so before
  /// its stream ends.
  package func drain() {
    let watchers = state.withLock { state in
      for service in state.statuses.keys { Self.set(.notServing, of: service, in: &state) }
      state.isDraining = true
      return state.watchers.values.map(\.continuation)
    }
    // Outside the lock, for the end of a stream takes it.
    for continuation in watchers { continuation.finish() }
  }

  /// Nil for a service that is not known.
  package func status(of service: String) -> Status? {
    state.withLock { $0.statuses[service] }
  }

  /// The present status of `service`, then each change; of changes that come faster than they are
  /// read, the latest.
  func watch(_ service: String) -> Watch {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Status?.self,
      bufferingPolicy: .bufferingNewest(1)
    )
    let (id, isDraining) = state.withLock { state in
      let id = state.nextWatcher
      state.nextWatcher += 1
      state.watchers[id] = Watcher(service: service, continuation: continuation)
      continuation.yield(state.statuses[service])
      return (id, state.isDraining)
    }
    continuation.onTermination = { [weak self] _ in self?.forget(id) }
    if isDraining { continuation.finish() }
    return Watch(statuses: stream) { continuation.finish() }
  }

  /// How many streams are open.
  var watcherCount: Int { state.withLock { $0.watchers.count } }

  private func forget(_ watcher: UInt64) {
    state.withLock { _ = $0.watchers.removeValue(forKey: watcher) }
  }

  private static func set(_ status: Status, of service: String, in state: inout State) {
    guard state.statuses.updateValue(status, forKey: service) != status else { return }
    for watcher in state.watchers.values where watcher.service == service {
      watcher.continuation.yield(status)
    }
  }
}
