import CRabbitMQ
import Glibc

extension ConnectionLoop {
  /// Whether a write of moderate size would not have to wait.
  func socketHasRoom(_ connection: OpenConnection) -> Bool {
    var descriptor = pollfd(
      fd: amqp_get_sockfd(connection.state),
      events: Int16(POLLOUT),
      revents: 0
    )
    return poll(&descriptor, 1, 0) > 0
  }

  /// Sends a method, unless the connection is gone.
  func transmit<Method>(_ number: amqp_method_number_t, _ method: Method, on channel: UInt16) {
    guard let connection, breakage == nil else { return }
    var method = method
    let status = withUnsafeMutableBytes(of: &method) {
      amqp_send_method(connection.state, channel, number, $0.baseAddress)
    }
    arena.recycle()
    check(status)
  }

  /// Gives the connection up if a call of rabbitmq-c failed.
  func check(_ status: Int32) {
    guard status != AMQP_STATUS_OK.rawValue, breakage == nil else { return }
    breakage = Breakage(failure: .unreachable(String(cString: amqp_error_string2(status))))
  }
}
