import GRPCCore
import GRPCProtobuf
import GRPCProtos
import Logging
import Platform
import ServiceContextModule
import ServiceLifecycle
import Synchronization
import Testing

@testable import Server

/// A stream's producer runs after its handler has returned, and inside the edge all the same.
@Suite(.timeLimit(.minutes(2))) struct CallStreamTests {
  private struct Broken: Error {}

  /// How many answers a client heard.
  private final class Heard: Sendable {
    let count = Mutex(0)
  }

  private static let customer: Metadata = ["authorization": "Bearer good"]

  /// The codes of the calls that were recorded.
  private func recorded(_ server: ProbeServer) -> [String?] {
    server.log.lines.filter { $0["message"] == "call finished" }.map { $0[LogKey.outcome] }
  }

  @Test func `a producer knows its call: who calls, the trace and the logger`() async throws {
    let callers = Mutex<[Account.ID]>([])
    let trace = Mutex<String?>(nil)
    try await ProbeServer.run(produce: { _, writer in
      let caller = try Caller.account()
      callers.withLock { $0.append(caller.id) }
      trace.withLock { $0 = ServiceContext.current?.trace?.traceID }
      Telemetry.logger.info("produced")
      try await writer.write(.init())
    }) { server in
      try await server.stream([
        "authorization": "Bearer good", "x-request-id": "request-1",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      ])
      let line = try await server.log.line("produced")
      #expect(line[LogKey.requestID] == "request-1")
      #expect(line[LogKey.method] == "test.Probe/Stream")
    }
    #expect(callers.withLock { $0 } == [ProbeServer.customer.id])
    #expect(trace.withLock { $0 } == "0af7651916cd43dd8448eb211c80319c")
  }

  @Test func `requests that stream in are read inside the edge`() async throws {
    try await ProbeServer.run(produce: { questions, writer in
      for try await _ in questions {
        _ = try Caller.account()
        try await writer.write(.init())
      }
    }) { server in
      let heard = Mutex(0)
      try await server.stream(Self.customer, questions: 3) { heard.withLock { $0 += 1 } }
      #expect(heard.withLock { $0 } == 3)
    }
  }

  @Test func `a producer's refusal is its status`() async throws {
    try await ProbeServer.run(produce: { _, _ in _ = try Caller.account() }) { server in
      let error = try #require(
        await #expect(throws: RPCError.self) { try await server.stream() }
      )
      #expect(error.code == .unauthenticated)
      let status = try #require(try error.unpackGoogleRPCStatus())
      #expect(status.details.compactMap(\.errorInfo).map(\.reason) == ["UNAUTHENTICATED"])
      #expect(recorded(server) == ["unauthenticated"])
    }
  }

  @Test func `what a producer breaks with is an id on the wire, also after its first message`()
    async throws
  {
    try await ProbeServer.run(produce: { _, writer in
      try await writer.write(.init())
      throw Broken()
    }) { server in
      let heard = Mutex(0)
      let error = try #require(
        await #expect(throws: RPCError.self) {
          try await server.stream { heard.withLock { $0 += 1 } }
        }
      )
      #expect(heard.withLock { $0 } == 1)
      #expect(error.code == .internalError)
      #expect(!"\(error)".contains("Broken"))
      let info = try #require(
        try error.unpackGoogleRPCStatus()?.details.compactMap(\.errorInfo).first
      )
      let id = try #require(info.metadata["error_id"])
      let line = try #require(server.log.lines.first { $0[LogKey.errorID] == id })
      #expect(line[LogKey.error]?.contains("Broken") == true)
      #expect(recorded(server) == ["internalError"])
    }
  }

  @Test func `a stream is recorded once, when it has ended`() async throws {
    let (releases, release) = AsyncStream.makeStream(of: Void.self)
    try await ProbeServer.run(produce: { _, writer in
      try await writer.write(.init())
      for await _ in releases { break }
    }) { server in
      try await server.stream {
        #expect(recorded(server) == [])
        release.yield()
      }
      #expect(recorded(server) == ["ok"])
    }
  }

  @Test func `a client that goes away stops its producer, and that is no error`() async throws {
    try await ProbeServer.run(produce: { _, writer in
      try await writer.write(.init())
      try await Task.sleep(for: .seconds(3_600))
    }) { server in
      try await abandoned(server) { hear in try await server.stream(hear: hear) }
      #expect(try await server.log.line("call cancelled")[LogKey.outcome] == "cancelled")
      #expect(try await server.log.line("call finished")[LogKey.outcome] == "cancelled")
      #expect(!server.log.lines.contains { $0["level"] == "error" })
    }
  }

  @Test func `what a handler does is finished though its client goes away or waits no longer`()
    async throws
  {
    let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
    let (releases, release) = AsyncStream.makeStream(of: Void.self)
    let (ends, ended) = AsyncStream.makeStream(of: Bool.self)
    try await ProbeServer.run(answer: {
      arrived.yield()
      for await _ in releases { break }
      ended.yield(Task.isCancelled)
    }) { server in
      try await abandoned(server) { hear in
        async let answer: Void = server.ask(["grpc-timeout": "1S"])
        for await _ in arrivals { break }
        hear()
        try await answer
      }
      release.yield()
      var wasCancelled: Bool?
      for await end in ends {
        wasCancelled = end
        break
      }
      #expect(wasCancelled == false)
      #expect(!server.log.lines.contains { $0["level"] == "error" })
    }
  }

  /// Runs a client's call until it calls `hear`, and then cancels it.
  private func abandoned(
    _ server: ProbeServer,
    _ call: @escaping @Sendable (_ hear: @escaping @Sendable () -> Void) async throws -> Void
  ) async throws {
    let (answers, answer) = AsyncStream.makeStream(of: Void.self)
    await withTaskGroup { group in
      group.addTask { try? await call { answer.yield() } }
      for await _ in answers { break }
      group.cancelAll()
    }
  }

  @Test func `a producer ends at its call's deadline`() async throws {
    try await ProbeServer.run(produce: { _, writer in
      try await writer.write(.init())
      try await Task.sleep(for: .seconds(3_600))
    }) { server in
      let error = try #require(
        await #expect(throws: RPCError.self) {
          try await server.stream(timeout: .milliseconds(300))
        }
      )
      #expect(error.code == .deadlineExceeded)
      #expect(try await server.log.line("call cancelled")[LogKey.outcome] == "deadlineExceeded")
      #expect(try await server.log.line("call finished")[LogKey.outcome] == "deadlineExceeded")
      #expect(!server.log.lines.contains { $0["level"] == "error" })
    }
  }

  @Test func `a stream under way when the server drains is finished`() async throws {
    let (releases, release) = AsyncStream.makeStream(of: Void.self)
    let heard = Heard()
    let (answers, answered) = AsyncStream.makeStream(of: Void.self)
    try await ProbeServer.run(produce: { _, writer in
      try await writer.write(.init())
      for await _ in releases { break }
      try Task.checkCancellation()
      try await writer.write(.init())
    }) { server in
      async let stream: Void = server.stream {
        heard.count.withLock { $0 += 1 }
        answered.yield()
      }
      for await _ in answers { break }
      await server.group.triggerGracefulShutdown()
      release.yield()
      try await stream
      #expect(recorded(server) == ["ok"])
    }
    #expect(heard.count.withLock { $0 } == 2)
  }

  @Test(arguments: [
    ("1H", Duration.seconds(3_600)), ("2M", .seconds(120)), ("3S", .seconds(3)),
    ("99999999m", .milliseconds(99_999_999)), ("5u", .microseconds(5)), ("6n", .nanoseconds(6)),
  ]) func `a timeout is digits and a unit`(text: String, duration: Duration) {
    #expect(Duration(grpcTimeout: text) == duration)
  }

  @Test(arguments: ["", "1", "S", "-1S", "1s", "1 S", "123456789S"])
  func `another timeout is none`(text: String) {
    #expect(Duration(grpcTimeout: text) == nil)
  }
}
