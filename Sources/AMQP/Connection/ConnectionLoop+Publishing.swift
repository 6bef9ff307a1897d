import CRabbitMQ
import Metrics

extension ConnectionLoop {
  /// Poll calls a socket writable when a third of its buffer (at least 87 KB on Linux) is free:
  /// this much can be written without waiting.
  private static let writeBatch = 16_384
  /// Frame headers, method and usual properties of one message.
  private static let messageOverhead = 512

  /// Sends waiting publishes as far as the window, the broker and the socket allow.
  ///
  /// A body larger than the socket's free room waits inside rabbitmq-c until the broker reads on;
  /// the heartbeat bounds that if the broker is gone.
  func sendPublishes() {
    guard let connection, breakage == nil, !awaitsRoom else { return }
    while publishes.canSend {
      if writeAllowance <= 0 {
        guard socketHasRoom(connection) else {
          awaitsRoom = true
          return
        }
        writeAllowance = Self.writeBatch
      }
      guard let request = publishes.next() else { return }
      let message = request.message
      writeAllowance -= message.body.count + Self.messageOverhead
      var properties = message.properties(in: arena)
      let status = message.body.withUnsafeBytes { body in
        amqp_basic_publish(
          connection.state,
          Channels.publish,
          arena.bytes(request.exchange),
          arena.bytes(request.routingKey),
          request.mandatory ? 1 : 0,
          0,
          &properties,
          amqp_bytes_t(len: body.count, bytes: UnsafeMutableRawPointer(mutating: body.baseAddress))
        )
      }
      arena.recycle()
      handle.metrics.published.increment()
      check(status)
      if breakage != nil { return }
    }
  }

  /// The broker's word on one or more publishes.
  func confirmed(sequence: UInt64, multiple: Bool, isAck: Bool) {
    let completions = publishes.confirm(sequence: sequence, multiple: multiple, isAck: isAck)
    for completion in completions {
      if case .success = completion.result {
        handle.metrics.confirmed.increment()
      } else {
        handle.metrics.rejected.increment()
      }
    }
    complete(completions)
  }
}
