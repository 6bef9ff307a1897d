import HTTPTypes
import Hummingbird
import Platform
import ServiceContextModule
import Synchronization
import Testing

@testable import HTTPEdge

@Suite struct HTTPEdgeTests {
  /// What a route finds of its call.
  private struct Seen: Sendable {
    var call: Platform.RequestContext?
    var trace: TraceContext?
  }

  private func ask(_ headers: HTTPFields, trusting blocks: [String] = []) async throws -> (
    seen: Seen, answer: HTTPFields
  ) {
    let seen = Mutex(Seen())
    let router = Router(context: HTTPCall.self)
    router.add(
      middleware: HTTPEdge(
        proxies: TrustedProxies(blocks.compactMap { AddressBlock($0) }),
        ids: IdentifierSource(clock: .system)
      )
    )
    router.get("/links/:token") { _, _ in
      seen.withLock {
        $0 = Seen(call: Platform.RequestContext.current, trace: ServiceContext.current?.trace)
      }
      return "ok"
    }
    let answer = try await router.answer(to: "/links/secret", headers: headers)
    return (seen.withLock { $0 }, answer.headers)
  }

  @Test func `the client's address is the peer's, whatever an untrusted peer says`() async throws {
    let (seen, _) = try await ask([.forwardedFor: "198.51.100.7"])
    #expect(seen.call?.remoteAddress == "127.0.0.1")
  }

  @Test func `behind a trusted proxy it is the rightmost address that is no proxy`() async throws {
    let (seen, _) = try await ask(
      [.forwardedFor: "192.0.2.66, 198.51.100.7, 10.0.0.2"],
      trusting: ["127.0.0.0/8", "10.0.0.0/8"]
    )
    #expect(seen.call?.remoteAddress == "198.51.100.7")
  }

  @Test func `the request's id and trace are kept, and the answer tells the id`() async throws {
    let trace = "0af7651916cd43dd8448eb211c80319c"
    let (seen, answer) = try await ask([
      .requestID: "abc-1", .traceparent: "00-\(trace)-b7ad6b7169203331-01", .userAgent: "test",
    ])
    #expect(seen.call?.requestID == "abc-1")
    #expect(seen.call?.userAgent == "test")
    #expect(seen.trace?.traceID == trace)
    #expect(answer[.requestID] == "abc-1")
  }

  @Test
  func `an id that could hurt the log is replaced, and a trace that is malformed begins anew`()
    async throws
  {
    let (seen, answer) = try await ask([.requestID: "a b", .traceparent: "00-xyz"])
    let id = try #require(seen.call?.requestID)
    #expect(Identifier<Platform.RequestContext>(id) != nil)
    #expect(answer[.requestID] == id)
    #expect(seen.trace?.traceID.count == 32)
  }
}
