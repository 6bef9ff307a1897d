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

/// A service whose methods, one of them streaming both ways, do what a test says.
struct ProbeService: RegistrableRPCService {
  typealias Question = Grpc_Health_V1_HealthCheckRequest
  typealias Answer = Grpc_Health_V1_HealthCheckResponse
  typealias Producer =
    @Sendable (RPCAsyncSequence<Question, any Error>, RPCWriter<Answer>) async throws -> Void

  static let method = MethodDescriptor(fullyQualifiedService: "test.Probe", method: "Ask")
  static let streamMethod = MethodDescriptor(fullyQualifiedService: "test.Probe", method: "Stream")

  let answer: @Sendable () async throws -> Void
  var produce: Producer = { _, _ in }

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
    router.registerHandler(
      forMethod: Self.streamMethod,
      deserializer: ProtobufDeserializer<Question>(),
      serializer: ProtobufSerializer<Answer>()
    ) { request, _ in
      StreamingServerResponse { writer in
        try await produce(request.messages, writer)
        return [:]
      }
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

  /// Calls the probe's stream with that many questions, and `hear` for each answer. Throws what the
  /// server answers in the end.
  func stream(
    _ metadata: Metadata = [:],
    questions: Int = 1,
    timeout: Duration? = nil,
    hear: @escaping @Sendable () -> Void = {}
  ) async throws {
    var options = CallOptions.defaults
    options.timeout = timeout
    try await client.bidirectionalStreaming(
      request: StreamingClientRequest(metadata: metadata) { writer in
        for _ in 0..<questions { try await writer.write(ProbeService.Question()) }
      },
      descriptor: ProbeService.streamMethod,
      serializer: ProtobufSerializer<ProbeService.Question>(),
      deserializer: ProtobufDeserializer<ProbeService.Answer>(),
      options: options
    ) { response in
      for try await _ in response.messages { hear() }
    }
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

  /// The first line with this message, as soon as it is there.
  func line(_ message: String) async throws -> [String: String] {
    while true {
      if let line = lines.first(where: { $0["message"] == message }) { return line }
      try await Task.sleep(for: .milliseconds(10))
    }
  }

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
    services: [any RegistrableRPCService] = [],
    answer: @escaping @Sendable () async throws -> Void = {},
    produce: @escaping ProbeService.Producer = { _, _ in },
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
      services: [ProbeService(answer: answer, produce: produce)] + services,
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
