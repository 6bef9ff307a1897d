import GRPCCore
import GRPCNIOTransportHTTP2
import Logging
import ServiceLifecycle
import Synchronization

/// Serves all gRPC services, health and reflection, until it is told to drain: calls under way are
/// finished, and no new ones taken.
struct GRPCServerService: Service {
  /// Connections are closed after this long, so that load balancers can move them.
  static let longestConnection = Duration.seconds(30 * 60)
  /// How long calls in progress may then take. Health watches never end by themselves.
  static let lastCalls = Duration.seconds(60)
  /// A connection without calls belongs to a client that is gone or asleep.
  static let longestIdle = Duration.seconds(15 * 60)
  /// After both of these, a peer that vanished is noticed.
  static let keepalive = (time: Duration.seconds(60), timeout: Duration.seconds(20))
  /// Phones and proxies keep their paths open with pings; more of them would be an attack.
  static let shortestPingInterval = Duration.seconds(20)
  /// The largest request is an operator's document of some hundred kilobytes.
  static let longestMessage = 4 << 20
  /// A proxy puts all its clients on a few connections.
  static let maxConcurrentCalls = 1_000

  let server: GRPCServer<HTTP2ServerTransport.Posix>
  private let address: ListenAddress
  private let logger: Logger

  init(
    _ address: ListenAddress,
    certificate: CertificateFiles?,
    services: [any RegistrableRPCService],
    interceptor: CallInterceptor,
    logger: Logger
  ) throws {
    self.address = address
    self.logger = logger
    let transport = HTTP2ServerTransport.Posix(
      address: address.host.contains(":")
        ? .ipv6(host: address.host, port: address.port)
        : .ipv4(host: address.host, port: address.port),
      transportSecurity: try certificate.map { try .tls(certificateReloader: $0) } ?? .plaintext,
      config: Self.limits
    )
    server = GRPCServer(transport: transport, services: services, interceptors: [interceptor])
  }

  private static var limits: HTTP2ServerTransport.Posix.Config {
    .defaults { config in
      config.connection.maxAge = longestConnection
      config.connection.maxGraceTime = lastCalls
      config.connection.maxIdleTime = longestIdle
      config.connection.keepalive.time = keepalive.time
      config.connection.keepalive.timeout = keepalive.timeout
      config.connection.keepalive.clientBehavior.minPingIntervalWithoutCalls = shortestPingInterval
      config.connection.keepalive.clientBehavior.allowWithoutCalls = true
      config.rpc.maxRequestPayloadSize = longestMessage
      config.http2.maxConcurrentStreams = maxConcurrentCalls
    }
  }

  /// The full names of `services`, for health.
  static func names(of services: [any RegistrableRPCService]) -> [String] {
    var router = RPCRouter<HTTP2ServerTransport.Posix>()
    for service in services { service.registerMethods(with: &router) }
    return Set(router.methods.map(\.service.fullyQualifiedService)).sorted()
  }

  func run() async throws {
    let isListening = Mutex(false)
    do {
      try await withGracefulShutdownHandler {
        try await withThrowingDiscardingTaskGroup { group in
          group.addTask { try await server.serve() }
          guard let listening = try await server.listeningAddress else { return }
          isListening.withLock { $0 = true }
          logger.info("serving gRPC on \(listening)")
        }
      } onGracefulShutdown: {
        server.beginGracefulShutdown()
      }
    } catch {
      guard !isListening.withLock({ $0 }), !(error is CancellationError) else { throw error }
      throw ListenFailure(address: address, variable: "GRPC_LISTEN", reason: "\(error)")
    }
  }
}
