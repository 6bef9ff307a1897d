import FoundationEssentials
import GRPCCore
import GRPCNIOTransportHTTP2
import GRPCProtobuf
import GRPCProtos
import HTTPEdge
import Logging
import Platform
import ServiceLifecycle
import SwiftProtobuf
import Synchronization
import Testing

@testable import Server

/// A service of one method that does what a test says.
struct ProbeService: RegistrableRPCService {
  typealias Question = Grpc_Health_V1_HealthCheckRequest
  typealias Answer = Grpc_Health_V1_HealthCheckResponse

  static let method = MethodDescriptor(fullyQualifiedService: "test.Probe", method: "Ask")

  let answer: @Sendable () async throws -> Void

  func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
    router.registerHandler(
      forMethod: Self.method,
      deserializer: ProtobufDeserializer<Question>(),
      serializer: ProtobufSerializer<Answer>()
    ) { request, _ in
      _ = try await ServerRequest(stream: request)
      try await answer()
      return StreamingServerResponse(single: ServerResponse(message: Answer()))
    }
  }
}

/// A running gRPC server with a probe behind the interceptor, and a client of it.
struct ProbeServer: Sendable {
  let client: GRPCClient<HTTP2ClientTransport.Posix>
  let group: ServiceGroup
  let log: CapturedLog

  /// Calls the probe. Throws what the server answers.
  func ask(_ metadata: Metadata = [:], question: String = "") async throws {
    _ = try await client.unary(
      request: ClientRequest(
        message: ProbeService.Question.with { $0.service = question },
        metadata: metadata
      ),
      descriptor: ProbeService.method,
      serializer: ProtobufSerializer<ProbeService.Question>(),
      deserializer: ProtobufDeserializer<ProbeService.Answer>(),
      options: .defaults
    ) { try $0.message }
  }

  /// What the server answers to a call that fails.
  func refusal(_ metadata: Metadata = [:], question: String = "") async throws -> (
    error: RPCError, status: GoogleRPCStatus?
  ) {
    let error = await #expect(throws: RPCError.self) { try await ask(metadata, question: question) }
    let found = try #require(error)
    return (found, try found.unpackGoogleRPCStatus())
  }
}

/// The lines that a server logged.
final class CapturedLog: Sendable {
  private let stored = Mutex<[[String: String]]>([])

  /// Each line's fields.
  var lines: [[String: String]] { stored.withLock { $0 } }

  var logger: Logger {
    Logger(label: "test") { _ in
      LineLogHandler(level: .debug, format: .json) { line in
        guard let fields = try? JSON.decode([String: String].self, from: line) else { return }
        self.stored.withLock { $0.append(fields) }
      }
    }
  }
}

extension ProbeServer {
  static let customer = Customer(id: Account.ID(UUID()), session: Session.ID(UUID()))
  static let adminID = Admin.ID(UUID())

  /// Runs a server while `body` runs. The token `good` is a customer's and a super admin's.
  static func run(
    certificate: CertificateFiles? = nil,
    answer: @escaping @Sendable () async throws -> Void = {},
    _ body: @Sendable (ProbeServer) async throws -> Void
  ) async throws {
    struct WrongToken: DomainError {
      var kind: FailureKind { .unauthenticated }
      var reason: String { "INVALID_TOKEN" }
    }
    let interceptor = CallInterceptor(
      customers: CustomerVerifier { token in
        guard token == "good" else { throw WrongToken() }
        return customer
      },
      admins: AdminVerifier { token in
        guard token == "good" else { throw WrongToken() }
        return (adminID, .superAdmin)
      },
      proxies: TrustedProxies([AddressBlock("127.0.0.0/8")].compactMap { $0 }),
      ids: IdentifierSource(clock: .system)
    )
    let log = CapturedLog()
    let service = try GRPCServerService(
      ListenAddress(host: "127.0.0.1", port: 0),
      certificate: certificate,
      services: [ProbeService(answer: answer)],
      interceptor: interceptor,
      logger: log.logger
    )
    let group = ServiceGroup(
      configuration: .init(services: [.init(service: service)], logger: log.logger)
    )
    try await Telemetry.$logger.withValue(log.logger) {
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        let port = try #require(try await service.server.listeningAddress?.ipv4?.port)
        var security = HTTP2ClientTransport.Posix.TransportSecurity.plaintext
        if certificate != nil {
          security = .tls { $0.serverCertificateVerification = .noVerification }
        }
        try await withGRPCClient(
          transport: .http2NIOPosix(
            target: .ipv4(address: "127.0.0.1", port: port),
            transportSecurity: security
          )
        ) { client in
          try await body(ProbeServer(client: client, group: group, log: log))
        }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
      }
    }
  }
}
