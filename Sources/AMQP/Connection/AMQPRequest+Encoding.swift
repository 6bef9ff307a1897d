import CRabbitMQ

extension AMQPRequest {
  /// Calls `body` with the method's number, its C form, and the number of its reply.
  func withMethod<Result>(
    in arena: EncodingArena,
    _ body: (amqp_method_number_t, UnsafeMutableRawPointer, _ reply: amqp_method_number_t) -> Result
  ) -> Result {
    switch self {
    case .declareExchange(let exchange):
      var method = amqp_exchange_declare_t()
      method.exchange = arena.bytes(exchange.name)
      method.type = arena.bytes(exchange.kind.rawValue)
      method.durable = exchange.durable ? 1 : 0
      return body(AMQP_EXCHANGE_DECLARE_METHOD, &method, AMQP_EXCHANGE_DECLARE_OK_METHOD)
    case .declareQueue(let queue):
      var method = amqp_queue_declare_t()
      method.queue = arena.bytes(queue.name)
      method.durable = queue.durable ? 1 : 0
      method.arguments = arena.table(queue.arguments)
      return body(AMQP_QUEUE_DECLARE_METHOD, &method, AMQP_QUEUE_DECLARE_OK_METHOD)
    case .inspectQueue(let name):
      var method = amqp_queue_declare_t()
      method.queue = arena.bytes(name)
      method.passive = 1
      return body(AMQP_QUEUE_DECLARE_METHOD, &method, AMQP_QUEUE_DECLARE_OK_METHOD)
    case .bind(let binding):
      var method = amqp_queue_bind_t()
      method.queue = arena.bytes(binding.queue)
      method.exchange = arena.bytes(binding.exchange)
      method.routing_key = arena.bytes(binding.routingKey)
      return body(AMQP_QUEUE_BIND_METHOD, &method, AMQP_QUEUE_BIND_OK_METHOD)
    case .purge(let name):
      var method = amqp_queue_purge_t()
      method.queue = arena.bytes(name)
      return body(AMQP_QUEUE_PURGE_METHOD, &method, AMQP_QUEUE_PURGE_OK_METHOD)
    case .delete(let name):
      var method = amqp_queue_delete_t()
      method.queue = arena.bytes(name)
      return body(AMQP_QUEUE_DELETE_METHOD, &method, AMQP_QUEUE_DELETE_OK_METHOD)
    case .get(let name):
      var method = amqp_basic_get_t()
      method.queue = arena.bytes(name)
      return body(AMQP_BASIC_GET_METHOD, &method, AMQP_BASIC_GET_OK_METHOD)
    case .ping:
      var method = amqp_basic_qos_t()
      return body(AMQP_BASIC_QOS_METHOD, &method, AMQP_BASIC_QOS_OK_METHOD)
    }
  }
}
