import CRabbitMQ
import Glibc

/// Makes a connection, with rabbitmq-c's blocking calls, each bounded by the configuration's
/// `connectTimeout`, on a thread of its own.
struct Connector {
  let configuration: AMQPConfiguration
  let role: ConnectionRole
  /// Declared before the connection is used.
  let topology: [AMQPRequest]

  /// 128 KiB, what RabbitMQ proposes itself.
  private static let maxFrameBytes: Int32 = 131_072

  func connect() -> Result<OpenConnection, AMQPConnectionFailure> {
    guard let state = amqp_new_connection() else { return .failure(.unreachable("out of memory")) }
    do throws(AMQPConnectionFailure) {
      try openSocket(state)
      try login(state)
      try openChannels(state)
      try declareTopology(state)
      return .success(OpenConnection(state: state))
    } catch {
      amqp_destroy_connection(state)
      return .failure(error)
    }
  }

  private func openSocket(_ state: amqp_connection_state_t) throws(AMQPConnectionFailure) {
    var timeout = timeval(configuration.connectTimeout)
    amqp_set_handshake_timeout(state, &timeout)
    amqp_set_rpc_timeout(state, &timeout)
    let socket: OpaquePointer?
    if let tls = configuration.tls {
      socket = amqp_ssl_socket_new(state)
      if let socket { try configureTLS(socket, tls) }
    } else {
      socket = amqp_tcp_socket_new(state)
    }
    guard let socket else { throw .unreachable("out of memory") }
    let status = amqp_socket_open_noblock(
      socket,
      configuration.host,
      Int32(configuration.port),
      &timeout
    )
    if status != AMQP_STATUS_OK.rawValue { throw failure(status) }
    keepAliveBound(amqp_get_sockfd(state))
  }

  private func configureTLS(_ socket: OpaquePointer, _ tls: AMQPConfiguration.TLS)
    throws(AMQPConnectionFailure)
  {
    amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST)
    amqp_ssl_socket_set_verify_peer(socket, tls.verifiesPeer ? 1 : 0)
    amqp_ssl_socket_set_verify_hostname(socket, tls.verifiesPeer ? 1 : 0)
    if tls.verifiesPeer,
      amqp_ssl_socket_set_cacert(socket, tls.authorities) != AMQP_STATUS_OK.rawValue
    {
      throw .untrusted("can't read certificates from \(tls.authorities)")
    }
    if let certificate = tls.certificate, let key = tls.key,
      amqp_ssl_socket_set_key(socket, certificate, key) != AMQP_STATUS_OK.rawValue
    {
      throw .untrusted("can't read \(certificate) and \(key)")
    }
  }

  /// Bounds how long the kernel retries unacknowledged bytes to a peer that vanished, to what the
  /// heartbeat would take.
  private func keepAliveBound(_ descriptor: Int32) {
    guard configuration.heartbeat > 0 else { return }
    var milliseconds = UInt32(configuration.heartbeat) * 2_000
    setsockopt(
      descriptor,
      Int32(IPPROTO_TCP),
      TCP_USER_TIMEOUT,
      &milliseconds,
      socklen_t(MemoryLayout<UInt32>.size)
    )
  }

  private func login(_ state: amqp_connection_state_t) throws(AMQPConnectionFailure) {
    let arena = EncodingArena()
    var properties = arena.table([
      "connection_name": .string("\(configuration.connectionName) \(role.rawValue)"),
      "capabilities": .table([
        "publisher_confirms": true, "basic.nack": true, "consumer_cancel_notify": true,
        "connection.blocked": true,
        "authentication_failure_close": true,
      ]),
    ])
    try check(
      amqp_login_plain(
        state,
        configuration.virtualHost,
        Self.maxFrameBytes,
        Int32(configuration.heartbeat),
        &properties,
        configuration.user,
        configuration.password
      )
    )
  }

  private func openChannels(_ state: amqp_connection_state_t) throws(AMQPConnectionFailure) {
    for channel in Channels.atStart(role) {
      amqp_channel_open(state, channel)
      try check(amqp_get_rpc_reply(state))
    }
    guard role == .publishing else { return }
    amqp_confirm_select(state, Channels.publish)
    try check(amqp_get_rpc_reply(state))
  }

  private func declareTopology(_ state: amqp_connection_state_t) throws(AMQPConnectionFailure) {
    let arena = EncodingArena()
    for request in topology {
      let reply = request.withMethod(in: arena) { method, decoded, expected in
        var replies = [expected, 0]
        return amqp_simple_rpc(state, Channels.control, method, &replies, decoded)
      }
      arena.recycle()
      try check(reply)
      amqp_maybe_release_buffers_on_channel(state, Channels.control)
    }
  }

  private func check(_ reply: amqp_rpc_reply_t) throws(AMQPConnectionFailure) {
    switch reply.reply_type {
    case AMQP_RESPONSE_NORMAL: return
    case AMQP_RESPONSE_SERVER_EXCEPTION where reply.reply.id == AMQP_CONNECTION_CLOSE_METHOD:
      guard let close = reply.reply.decoded?.load(as: amqp_connection_close_t.self) else { break }
      if close.reply_code == AMQP_ACCESS_REFUSED { throw .authenticationRefused }
      throw .closedByBroker(code: close.reply_code, text: String(close.reply_text))
    case AMQP_RESPONSE_SERVER_EXCEPTION where reply.reply.id == AMQP_CHANNEL_CLOSE_METHOD:
      guard let close = reply.reply.decoded?.load(as: amqp_channel_close_t.self) else { break }
      throw .topology(code: close.reply_code, text: String(close.reply_text))
    default: break
    }
    throw failure(reply.library_error)
  }

  private func failure(_ status: Int32) -> AMQPConnectionFailure {
    let text = String(cString: amqp_error_string2(status))
    switch amqp_status_enum(status) {
    case AMQP_STATUS_SSL_PEER_VERIFY_FAILED, AMQP_STATUS_SSL_HOSTNAME_VERIFY_FAILED:
      return .untrusted(text)
    default: return .unreachable("\(configuration.host):\(configuration.port): \(text)")
    }
  }
}

/// The numbers of the channels of a connection.
enum Channels {
  /// Of the publishing connection; it has no other.
  static let publish: UInt16 = 1
  /// Of the consuming connection: requests.
  static let control: UInt16 = 1
  /// Of the consuming connection: basic.get, apart so that an exception elsewhere doesn't take back
  /// what is in hand.
  static let get: UInt16 = 2
  /// The first channel of a subscription; each has its own, for its own prefetch and exceptions.
  static let firstOfSubscriptions: UInt16 = 3

  static func atStart(_ role: ConnectionRole) -> [UInt16] {
    switch role {
    case .publishing: [publish]
    case .consuming: [control, get]
    }
  }
}

extension timeval {
  init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    self.init(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
  }
}
