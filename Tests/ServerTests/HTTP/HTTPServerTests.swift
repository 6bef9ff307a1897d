import HTTPEdge
import Hummingbird
import Logging
import NIOCore
import Platform
import ServiceLifecycle
import Synchronization
import Testing

@testable import Server

@Suite struct HTTPServerTests {
  private func router() -> Router<HTTPCall> {
    let router = Router(context: HTTPCall.self)
    router.get("/hello") { _, _ in "hello" }
    router.post("/length") { request, _ in
      var length = 0
      for try await bytes in request.body { length += bytes.readableBytes }
      return "\(length)"
    }
    return router
  }

  @Test func `a request is answered, and the connection serves the next one`() async throws {
    try await withHTTPServer(router()) { port, _ in
      try await HTTPClientConnection.connect(port: port).conversation { connection in
        let first = try await connection.say(
          "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n",
          until: "hello"
        )
        #expect(first.hasPrefix("HTTP/1.1 200"))
        let second = try await connection.say(
          "POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nabcd",
          until: "\r\n4"
        )
        #expect(second.hasSuffix("\r\n4"))
      }
    }
  }

  @Test func `a route knows the address of the connection's peer`() async throws {
    let router = router()
    router.get("/peer") { _, call in call.peer }
    try await withHTTPServer(router) { port, _ in
      let answer = try await HTTPClientConnection.connect(port: port).exchange([
        "GET /peer HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
      ])
      #expect(answer.hasSuffix("\r\n127.0.0.1"))
    }
  }

  @Test func `an answer that breaks off has no end, and its connection is closed`() async throws {
    struct Failure: Error {}
    let router = router()
    router.get("/half") { _, _ in
      Response(
        status: .ok,
        body: ResponseBody { writer in
          try await writer.write(ByteBuffer(string: "half"))
          throw Failure()
        }
      )
    }
    try await withHTTPServer(router) { port, _ in
      // It returns as the server closes, though the client asked for nothing of the kind.
      let answer = try await HTTPClientConnection.connect(port: port).exchange([
        "GET /half HTTP/1.1\r\nHost: x\r\n\r\n"
      ])
      #expect(answer.contains("half"))
      #expect(!answer.hasSuffix("0\r\n\r\n"))
    }
  }

  @Test func `headers that are too long aren't taken`() async throws {
    try await withHTTPServer(router()) { port, _ in
      let header =
        "X-Long: \(String(repeating: "a", count: 2 * HTTPServer.headerLimits.maxHeaderFieldSize))\r\n"
      let answer = try await HTTPClientConnection.connect(port: port).exchange([
        "GET /hello HTTP/1.1\r\nHost: x\r\n\(header)Connection: close\r\n\r\n"
      ])
      #expect(!answer.contains("200 OK"))
    }
  }

  @Test func `a client that never ends its head is let go`() async throws {
    try await withHTTPServer(router(), idleTimeout: .milliseconds(300)) { port, _ in
      let trickle = ["GET /hello HTTP/1.1\r\n"] + (0..<20).map { "X-\($0): a\r\n" }
      let answer = try await HTTPClientConnection.connect(port: port).exchange(
        trickle,
        pause: .milliseconds(50)
      )
      #expect(!answer.contains("200 OK"))
    }
  }

  @Test func `a client that sends its body byte by byte is let go`() async throws {
    try await withHTTPServer(router(), requestDeadline: .milliseconds(300)) { port, _ in
      let trickle =
        ["POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n"]
        + (0..<20).map { _ in "a" }
      let answer = try await HTTPClientConnection.connect(port: port).exchange(
        trickle,
        pause: .milliseconds(50)
      )
      #expect(!answer.contains("200 OK"))
    }
  }

  @Test func `a request under way when the server drains is answered, and then the server ends`()
    async throws
  {
    let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
    let (releases, release) = AsyncStream.makeStream(of: Void.self)
    let router = Router(context: HTTPCall.self)
    router.get("/slow") { _, _ in
      arrived.yield()
      for await _ in releases { break }
      return "done"
    }
    try await withHTTPServer(router) { port, group in
      let connection = try await HTTPClientConnection.connect(port: port)
      async let answer = connection.exchange(["GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"])
      for await _ in arrivals { break }
      await group.triggerGracefulShutdown()
      release.yield()
      // The connection, kept alive until now, is closed after the answer: so the exchange ends.
      #expect(try await answer.hasSuffix("done"))
    }
  }

  @Test func `a port that is taken is named, with the variable that sets it`() async throws {
    try await withHTTPServer(router()) { port, _ in
      let second = try HTTPServer(
        router(),
        on: ListenAddress(host: "127.0.0.1", port: port),
        variable: "NODE_API_LISTEN",
        certificate: nil,
        purpose: "tests",
        logger: .init(label: "test") { _ in SwiftLogNoOpLogHandler() }
      )
      let error = await #expect(throws: ListenFailure.self) { try await second.run() }
      #expect(error?.description.contains("127.0.0.1:\(port)") == true)
      #expect(error?.description.contains("NODE_API_LISTEN") == true)
    }
  }
}
