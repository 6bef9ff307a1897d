/// A synchronous AMQP method: the broker answers each with a reply, or closes the channel.
enum AMQPRequest: Hashable, Sendable {
  case declareExchange(AMQPTopology.Exchange)
  case declareQueue(AMQPTopology.Queue)
  case bind(AMQPTopology.Binding)
  /// A passive declaration: counts without creating.
  case inspectQueue(String)
  case purge(String)
  case delete(String)
  case get(String)
  /// basic.qos, which changes nothing on a channel without consumers and needs no permission.
  case ping

  /// The queue it is about.
  var queue: String {
    switch self {
    case .inspectQueue(let name), .purge(let name), .delete(let name), .get(let name): name
    case .declareQueue(let queue): queue.name
    case .bind(let binding): binding.queue
    case .declareExchange, .ping: ""
    }
  }

  /// Refuses what can't be encoded.
  func validate() throws(AMQPError) {
    try AMQPError.requireShort(queue)
    switch self {
    case .declareExchange(let exchange): try AMQPError.requireShort(exchange.name)
    case .declareQueue(let queue):
      guard try AMQPHeaderValue.encodedSize(of: queue.arguments) <= AMQPMessage.maxHeaderBytes
      else {
        throw .invalid("arguments of \(queue.name)")
      }
    case .bind(let binding):
      try AMQPError.requireShort(binding.exchange)
      try AMQPError.requireShort(binding.routingKey)
    case .inspectQueue, .purge, .delete, .get, .ping: break
    }
  }
}

/// The answer to an ``AMQPRequest``.
enum AMQPReply: Sendable {
  case done
  case queue(messages: Int, consumers: Int)
  case count(Int)
  case delivery(AMQPDelivery?)
}
