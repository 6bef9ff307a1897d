package import AMQP

extension AMQPTopology {
  /// Exchanges and queues that every worker needs, and a queue for each of `hooks`.
  ///
  /// A retry queue is fed by an exchange of its own with the target queue's name as routing key; when its time is up, the broker's
  /// dead-lettering sends the message to the default exchange with that same key, which leads to the target queue.
  package static func helium(hooks: [Hook], retries: RetryPolicy = .standard) -> AMQPTopology {
    var topology = AMQPTopology()
    topology.exchanges = [
      Exchange(name: ExchangeName.events, kind: .topic), Exchange(name: ExchangeName.jobs, kind: .direct),
    ]
    topology.queues = [Queue(name: ExchangeName.deadLetters, arguments: ["x-queue-type": .string("quorum")])]
    for delay in retries.delays {
      let name = RetryPolicy.queue(forDelay: delay)
      topology.exchanges.append(Exchange(name: name, kind: .fanout))
      topology.queues.append(
        Queue(
          name: name,
          arguments: [
            "x-queue-type": .string("quorum"), "x-message-ttl": .int(Int64(delay) * 1_000), "x-dead-letter-exchange": .string(""),
            "x-dead-letter-strategy": .string("at-least-once"), "x-overflow": .string("reject-publish"),
          ]))
      topology.bindings.append(Binding(queue: name, exchange: name, routingKey: ""))
    }
    for hook in hooks {
      topology.queues.append(Queue(name: hook.queue, arguments: ["x-queue-type": .string("quorum")]))
      topology.bindings.append(Binding(queue: hook.queue, exchange: hook.kind.exchange, routingKey: hook.messageName))
    }
    return topology
  }
}
