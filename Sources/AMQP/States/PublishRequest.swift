/// A message on its way out, and who waits for its confirm.
struct PublishRequest<Waiter: Sendable>: Sendable {
  let id: UInt64
  let message: AMQPMessage
  let exchange: String
  let routingKey: String
  let mandatory: Bool
  let deadline: ContinuousClock.Instant
  let waiter: Waiter
}
