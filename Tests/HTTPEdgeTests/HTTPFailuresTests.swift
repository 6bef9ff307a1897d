import HTTPEdge
import HTTPTypes
import Hummingbird
import Platform
import Postgres
import Testing

@Suite struct HTTPFailuresTests {
  private struct Refusal: DomainError {
    let kind: FailureKind
    var reason: String { "NO_SUCH_THING" }
  }

  /// Answers everything 418, whatever its kind.
  private struct Teapot: HTTPFailureStyle {
    func response(to error: any DomainError) throws -> Response {
      try response(HTTPResponse.Status(code: 418), error.reason)
    }

    func response(_ status: HTTPResponse.Status, _ message: String) throws -> Response {
      Response(json: Array("{\"teapot\":\"\(message)\"}".utf8), status: status)
    }
  }

  private func answer(
    to error: any Error & Sendable,
    style: any HTTPFailureStyle = .message
  ) async throws -> Answer {
    let router = Router(context: HTTPCall.self)
    router.add(middleware: HTTPFailures(ids: IdentifierSource(clock: .system), style: style))
    router.get("thing") { _, _ -> Response in throw error }
    return try await router.answer(to: "/thing")
  }

  @Test(
    arguments: [
      (.invalidArgument, 422), (.notFound, 404), (.alreadyExists, 409), (.failedPrecondition, 409),
      (.permissionDenied, 403), (.unauthenticated, 401), (.resourceExhausted, 429),
      (.aborted, 409), (.unavailable, 503), (.deadlineExceeded, 504), (.unimplemented, 501),
    ] as [(FailureKind, Int)]
  )
  func `a failure has the status of its kind and says its message`(
    kind: FailureKind,
    status: Int
  ) async throws {
    let answer = try await answer(to: Refusal(kind: kind))
    #expect(answer.status.code == status)
    #expect(answer.headers[.contentType] == "application/json")
    #expect(answer.body == #"{"message":"no such thing"}"#)
  }

  @Test func `a status that a route throws is kept, with its words`() async throws {
    let answer = try await answer(to: HTTPError(.contentTooLarge, message: "too long"))
    #expect(answer.status == .contentTooLarge)
    #expect(answer.body == #"{"message":"too long"}"#)
  }

  @Test func `a store that is away is unavailable, and its words stay inside`() async throws {
    let answer = try await answer(to: PostgresClientError.connectionLost("a secret"))
    #expect(answer.status == .serviceUnavailable)
    #expect(!answer.body.contains("secret"))
  }

  @Test func `anything else is internal, and the answer has an id and nothing more`() async throws {
    let answer = try await answer(to: PostgresClientError.misuse("a secret"))
    #expect(answer.status == .internalServerError)
    let words = #/\{"message":"internal error [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"\}/#
    #expect(answer.body.wholeMatch(of: words) != nil)
  }

  @Test func `a style of its own writes every failure`() async throws {
    let refused = try await answer(to: Refusal(kind: .notFound), style: Teapot())
    #expect(refused.status.code == 418)
    #expect(refused.body == #"{"teapot":"NO_SUCH_THING"}"#)
    let broken = try await answer(to: PostgresClientError.misuse("a secret"), style: Teapot())
    #expect(broken.status == .internalServerError)
    #expect(broken.body.hasPrefix(#"{"teapot":"internal error "#))
  }
}
