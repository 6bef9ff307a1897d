/// Exchanges, queues and bindings that a client relies on.
package struct AMQPTopology: Hashable, Sendable {
  package var exchanges: [Exchange]
  package var queues: [Queue]
  package var bindings: [Binding]

  package init(exchanges: [Exchange] = [], queues: [Queue] = [], bindings: [Binding] = []) {
    self.exchanges = exchanges
    self.queues = queues
    self.bindings = bindings
  }

  /// Where messages are published, routed by its kind.
  package struct Exchange: Hashable, Sendable {
    package let name: String
    package let kind: Kind
    package let durable: Bool

    package init(name: String, kind: Kind, durable: Bool = true) {
      self.name = name
      self.kind = kind
      self.durable = durable
    }

    /// How an exchange matches routing keys.
    package enum Kind: String, Sendable {
      case direct, topic, fanout
    }
  }

  /// Where messages wait.
  package struct Queue: Hashable, Sendable {
    package let name: String
    package let durable: Bool
    /// `x-queue-type`, `x-dead-letter-exchange`, `x-message-ttl`, …
    package let arguments: [String: AMQPHeaderValue]

    package init(name: String, durable: Bool = true, arguments: [String: AMQPHeaderValue] = [:]) {
      self.name = name
      self.durable = durable
      self.arguments = arguments
    }
  }

  /// Sends what an exchange receives with a routing key to a queue.
  package struct Binding: Hashable, Sendable {
    package let queue: String
    package let exchange: String
    package let routingKey: String

    package init(queue: String, exchange: String, routingKey: String) {
      self.queue = queue
      self.exchange = exchange
      self.routingKey = routingKey
    }
  }

  /// Adds what `other` has and this has not; a later declaration of a name replaces the earlier
  /// one.
  mutating func merge(_ other: AMQPTopology) {
    exchanges.removeAll { old in other.exchanges.contains { $0.name == old.name } }
    queues.removeAll { old in other.queues.contains { $0.name == old.name } }
    bindings.removeAll { other.bindings.contains($0) }
    exchanges += other.exchanges
    queues += other.queues
    bindings += other.bindings
  }

  /// Forgets a queue and its bindings.
  mutating func forget(queue name: String) {
    queues.removeAll { $0.name == name }
    bindings.removeAll { $0.queue == name }
  }

  /// The requests that declare all of it, in an order in which each finds what it needs.
  var requests: [AMQPRequest] {
    exchanges.map { .declareExchange($0) } + queues.map { .declareQueue($0) }
      + bindings.map { .bind($0) }
  }
}
