import FieldViolations
import GRPCCore
import GRPCProtobuf
import Platform
import ServiceContextModule
import Synchronization
import Testing

@testable import Server

@Suite struct CallInterceptorTests {
  /// What a handler found.
  private final class Seen: Sendable {
    let call = Mutex<RequestContext?>(nil)
    let trace = Mutex<TraceContext?>(nil)

    @Sendable func note() {
      call.withLock { $0 = RequestContext.current }
      trace.withLock { $0 = ServiceContext.current?.trace }
    }
  }

  private struct Broken: Error {}

  @Test func `who says nothing of itself is anonymous, and refused where a customer is needed`()
    async throws
  {
    try await ProbeServer.run(answer: { _ = try Caller.account() }) { server in
      let (error, status) = try await server.refusal()
      #expect(error.code == .unauthenticated)
      #expect(status?.details.compactMap(\.errorInfo).map(\.reason) == ["UNAUTHENTICATED"])
      #expect(status?.details.compactMap(\.errorInfo).map(\.domain) == ["helium"])
    }
  }

  @Test func `a customer's token is its customer`() async throws {
    let seen = Seen()
    try await ProbeServer.run(answer: { seen.note() }) { server in
      try await server.ask(["authorization": "Bearer good"])
    }
    #expect(seen.call.withLock { $0?.caller } == .customer(ProbeServer.customer))
  }

  @Test(arguments: ["good", "Bearer good"]) func `an operator's token is its operator`(
    token: String
  ) async throws {
    let seen = Seen()
    try await ProbeServer.run(answer: { seen.note() }) { server in
      try await server.ask(["x-admin-authorization": "\(token)"])
    }
    guard case .admin(let admin) = seen.call.withLock({ $0?.caller }) else {
      Issue.record("no admin")
      return
    }
    #expect(admin.id == ProbeServer.adminID)
    #expect(admin.role == .superAdmin)
  }

  @Test(arguments: [("authorization", "Bearer bad"), ("x-admin-authorization", "bad")])
  func `a token that isn't valid is refused where somebody must be known`(
    key: String,
    token: String
  ) async throws {
    for needs in [{ _ = try Caller.account() }, { _ = try Caller.admin() }]
      as [@Sendable () throws -> Void]
    {
      try await ProbeServer.run(answer: { try needs() }) { server in
        let (error, status) = try await server.refusal([key: "\(token)"])
        #expect(error.code == .unauthenticated)
        #expect(status?.details.compactMap(\.errorInfo).map(\.reason) == ["INVALID_TOKEN"])
      }
    }
  }

  @Test func `an authorization that is no bearer's is refused where somebody must be known`()
    async throws
  {
    try await ProbeServer.run(answer: { _ = try Caller.account() }) { server in
      let (error, status) = try await server.refusal(["authorization": "Basic good"])
      #expect(error.code == .unauthenticated)
      #expect(status?.details.compactMap(\.errorInfo).map(\.reason) == ["MALFORMED_AUTHORIZATION"])
    }
  }

  @Test(arguments: [
    ("authorization", "Bearer bad"), ("authorization", "Basic good"),
    ("x-admin-authorization", "bad"),
  ])
  func `what everyone may call is answered whatever token comes with it`(key: String, token: String)
    async throws
  {
    let seen = Seen()
    try await ProbeServer.run(answer: { seen.note() }) { server in
      try await server.ask([key: "\(token)"])
    }
    #expect(seen.call.withLock { $0?.caller } == .anonymous)
  }

  @Test func `wrong fields are each named on the wire`() async throws {
    try await ProbeServer.run(answer: {
      throw InvalidInput([.init("a.b", "is odd")])
    }) { server in
      let (error, status) = try await server.refusal()
      #expect(error.code == .invalidArgument)
      #expect(status?.details.compactMap(\.errorInfo).map(\.reason) == ["INVALID_INPUT"])
      let violations = try #require(status?.details.compactMap(\.badRequest).first).violations
      #expect(violations.map(\.field) == ["a.b"])
      #expect(violations.map(\.violationDescription) == ["is odd"])
    }
  }

  @Test func `an internal error is an id on the wire, and what happened in the log under that id`()
    async throws
  {
    try await ProbeServer.run(answer: { throw Broken() }) { server in
      let (error, status) = try await server.refusal(["x-request-id": "req-1"])
      #expect(error.code == .internalError)
      #expect(!"\(error)".contains("Broken"))
      let info = try #require(status?.details.compactMap(\.errorInfo).first)
      #expect(info.reason == "INTERNAL")
      let id = try #require(info.metadata["error_id"])
      #expect(error.message.contains(id))
      let line = try #require(server.log.lines.first { $0[LogKey.errorID] == id })
      #expect(line["level"] == "error")
      #expect(line[LogKey.error]?.contains("Broken") == true)
      #expect(line[LogKey.requestID] == "req-1")
      #expect(line[LogKey.method] == "test.Probe/Ask")
    }
  }

  @Test func `a handler sees the trace, the client's address and the idempotency key of its call`()
    async throws
  {
    let seen = Seen()
    try await ProbeServer.run(answer: { seen.note() }) { server in
      try await server.ask([
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "x-forwarded-for": "192.0.2.66, 198.51.100.7",
        "idempotency-key": "once",
      ])
    }
    #expect(seen.trace.withLock { $0?.traceID } == "0af7651916cd43dd8448eb211c80319c")
    #expect(seen.call.withLock { $0?.remoteAddress } == "198.51.100.7")
    #expect(seen.call.withLock { $0?.idempotencyKey } == "once")
  }
}
