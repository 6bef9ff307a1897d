import HTTPTypes
import Hummingbird
import Platform
import SubscriptionFormats

/// `GET /subscribe/{token}`: what customers' clients fetch.
struct SubscribeRoutes: Sendable {
  let telecom: Telecom
  let fetches: FetchRecorder
  let cache: DocumentCache

  func subscribe(_ request: Request, token: String?) async throws -> Response {
    guard let token = token.flatMap({ LinkToken($0) }) else { return .noSuchLink }
    let format = SubscriptionFormat(
      userAgent: request.headers[.userAgent] ?? "", query: request.uri.queryParameters["format"].map(String.init))
    let fetch = FetchSubscription(token: token, format: format, known: request.headers[.ifNoneMatch], cache: cache)
    guard let answer = try await telecom.process(fetch) else { return .noSuchLink }
    fetches.note(answer.subscription, at: telecom.clock.now)
    var response = Response(answer.profile, contentType: format.contentType)
    for header in answer.info.headers {
      if let name = HTTPField.Name(header.name) { response.headers[name] = header.value }
    }
    // Links are secrets, and the document is one subscription's own.
    response.headers[.cacheControl] = "private, no-cache"
    return request.method == .head ? response.createHeadResponse() : response
  }
}

extension Response {
  fileprivate static var noSuchLink: Response {
    Response(
      status: .notFound, headers: [.contentType: "text/plain; charset=utf-8"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: "No such subscription.\n")))
  }
}
