import HTTPEdge
import HTTPTypes
import Hummingbird
import Platform
import Testing

/// What routes read and answer with.
@Suite struct AnswerTests {
  private static let body = Array("the same".utf8)
  private static let tag = EntityTag(of: body)

  private func router() -> Router<HTTPCall> {
    let router = Router(context: HTTPCall.self)
    router.add(middleware: HTTPFailures(ids: IdentifierSource(clock: .system)))
    router.get("tagged") { request, _ in
      let known = request.headers[.ifNoneMatch]
      return Response(TaggedAnswer(Self.tag, known: known) { Self.body }, contentType: "text/plain")
    }
    router.post("length") { request, _ in
      Response(json: Array("\(try await request.bytes(upTo: 4).count)".utf8))
    }
    return router
  }

  @Test func `a client that has the answer gets 304 and no body`() async throws {
    let first = try await router().answer(to: "/tagged")
    #expect(first.status == .ok)
    #expect(first.headers[.contentType] == "text/plain")
    #expect(first.body == "the same")
    let tag = try #require(first.headers[.eTag])
    let second = try await router().answer(to: "/tagged", headers: [.ifNoneMatch: tag])
    #expect(second.status == .notModified)
    #expect(second.headers[.eTag] == tag)
    #expect(second.body == "")
  }

  @Test func `a body is read up to the route's limit, and a longer one is answered 413`()
    async throws
  {
    let whole = try await router().answer(to: "/length", method: .post, body: "abcd")
    #expect(whole.body == "4")
    let long = try await router().answer(to: "/length", method: .post, body: "abcde")
    #expect(long.status == .contentTooLarge)
  }
}
