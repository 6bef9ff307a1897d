import Synchronization

/// What has been declared, for the next connection.
final class RememberedTopology: Sendable {
  private let topology = Mutex(AMQPTopology())

  func merge(_ other: AMQPTopology) { topology.withLock { $0.merge(other) } }
  func forget(queue: String) { topology.withLock { $0.forget(queue: queue) } }
  var requests: [AMQPRequest] { topology.withLock { $0.requests } }
}
