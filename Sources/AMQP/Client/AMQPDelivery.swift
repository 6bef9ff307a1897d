/// A message handed to this client, to be settled once.
///
/// Settling never fails: if the connection it came by is lost, the broker delivers the message
/// again, marked `redelivered`.
package struct AMQPDelivery: Sendable {
  package let message: AMQPMessage
  package let exchange: String
  package let routingKey: String
  /// Whether the broker may have handed it out before.
  package let redelivered: Bool
  package let queue: String
  let receipt: Receipt
  let connection: ConnectionHandle

  /// Tells the broker that the message is dealt with. Acknowledgements are sent in batches.
  package func ack() {
    connection.send(.settle(receipt, .ack))
  }

  /// Tells the broker that the message is not dealt with.
  /// - Parameter requeue: false: it is dead-lettered if its queue says where to, else dropped.
  package func nack(requeue: Bool) {
    connection.send(.settle(receipt, .nack(requeue: requeue)))
  }
}
