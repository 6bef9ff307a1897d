import FoundationEssentials
import GRPCCore
import GRPCNIOTransportHTTP2
import Logging
import Protos
import ServiceLifecycle
import SwiftProtobuf

/// Serves all gRPC services, health and reflection, until it is told to drain.
struct GRPCServerService: Service {
  /// Connections are closed after this long, so that load balancers can move them.
  static let longestConnection = Duration.seconds(30 * 60)

  let server: GRPCServer<HTTP2ServerTransport.Posix>
  let address: ListenAddress
  let logger: Logger

  init(
    _ address: ListenAddress, tls: ServerConfiguration.TLSFiles?, services: [any RegistrableRPCService], interceptor: CallInterceptor,
    logger: Logger
  ) {
    self.address = address
    self.logger = logger
    let security: HTTP2ServerTransport.Posix.TransportSecurity =
      if let tls {
        .tls(
          certificateChain: [.file(path: tls.certificate, format: .pem)], privateKey: .file(path: tls.key, format: .pem))
      } else {
        .plaintext
      }
    let transport = HTTP2ServerTransport.Posix(
      address: address.host.contains(":") ? .ipv6(host: address.host, port: address.port) : .ipv4(host: address.host, port: address.port),
      transportSecurity: security, config: .defaults { $0.connection.maxAge = Self.longestConnection })
    server = GRPCServer(transport: transport, services: services, interceptors: [interceptor])
  }

  func run() async throws {
    try await withGracefulShutdownHandler {
      try await withThrowingDiscardingTaskGroup { group in
        group.addTask { try await server.serve() }
        if let listening = try await server.listeningAddress { logger.info("serving gRPC on \(listening)") }
      }
    } onGracefulShutdown: {
      server.beginGracefulShutdown()
    }
  }
}
