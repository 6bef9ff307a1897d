package import AMQP

extension AMQPTopology {
  /// Exchanges and queues that every worker needs, and a queue for each of `hooks`.
  ///
  /// A retry queue is fed by an exchange of its own with the target queue's name as routing key;
  /// when its time is up, the broker's dead-lettering sends the message to the default exchange
  /// with that same key, which leads to the target queue.
  package static func helium(hooks: [Hook], retries: RetryPolicy = .standard) -> AMQPTopology {
    var topology = AMQPTopology()
    topology.exchanges = [
      Exchange(name: ExchangeName.events, kind: .topic),
      Exchange(name: ExchangeName.jobs, kind: .direct),
    ]
    topology.queues = [Queue(name: ExchangeName.deadLetters, arguments: QueueArguments.deadLetters)]
    for delay in retries.delays {
      let name = RetryPolicy.queue(forDelay: delay)
      topology.exchanges.append(Exchange(name: name, kind: .fanout))
      topology.queues.append(
        Queue(name: name, arguments: QueueArguments.retries(afterSeconds: delay))
      )
      topology.bindings.append(Binding(queue: name, exchange: name, routingKey: ""))
    }
    for hook in hooks {
      topology.queues.append(Queue(name: hook.queue, arguments: QueueArguments.hook))
      topology.bindings.append(
        Binding(queue: hook.queue, exchange: hook.kind.exchange, routingKey: hook.messageName)
      )
    }
    return topology
  }
}

/// What queues are declared with. A queue's arguments can't be changed once it is there, so they
/// say everything that RabbitMQ 3.10 and 4 would otherwise decide differently.
enum QueueArguments {
  /// A message that killed its worker, or was given back, this often becomes a dead letter.
  /// RabbitMQ 3 would hand it out for ever and RabbitMQ 4 drop it after twenty times; with the
  /// pause before each return a hundred are close to an hour, as long as `RetryPolicy` waits.
  static let maxDeliveries: Int64 = 100
  /// Each listing of the dead letters counts as a delivery, and must not use up a limit.
  static let unlimitedDeliveries: Int64 = 1_000_000_000

  static let deadLetters: [String: AMQPHeaderValue] = [
    "x-queue-type": "quorum", "x-delivery-limit": .int(unlimitedDeliveries),
  ]

  static let hook: [String: AMQPHeaderValue] = [
    "x-queue-type": "quorum", "x-delivery-limit": .int(maxDeliveries),
    "x-dead-letter-exchange": "", "x-dead-letter-routing-key": .string(ExchangeName.deadLetters),
    "x-dead-letter-strategy": "at-least-once", "x-overflow": "reject-publish",
  ]

  static func retries(afterSeconds delay: Int) -> [String: AMQPHeaderValue] {
    [
      "x-queue-type": "quorum", "x-message-ttl": .int(Int64(delay) * 1_000),
      "x-dead-letter-exchange": "", "x-dead-letter-strategy": "at-least-once",
      "x-overflow": "reject-publish",
    ]
  }
}
