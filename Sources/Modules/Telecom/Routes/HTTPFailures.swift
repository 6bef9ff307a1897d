import FoundationEssentials
package import Hummingbird
import Logging
package import Platform

/// Answers what routes throw with a status and a JSON object that has a `message`, never with a tag.
package struct HTTPFailures<Context: Hummingbird.RequestContext>: RouterMiddleware {
  private let ids: IdentifierSource

  package init(ids: IdentifierSource) {
    self.ids = ids
  }

  package func handle(
    _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch let error as any DomainError {
      return try Response(error.kind.httpStatus, message: error.message)
    } catch let error as any HTTPResponseError {
      return try Response(error.status, message: (error as? HTTPError)?.body ?? error.status.reasonPhrase.lowercased())
    } catch {
      // What happened is in the log, once, under an id that the answer tells. The route and not the path: links are secrets.
      let id = ids.randomUUID().uuidString.lowercased()
      Telemetry.logger.error(
        "request failed",
        metadata: [LogKey.errorID: "\(id)", LogKey.error: "\(error)", LogKey.method: "\(request.method) \(context.endpointPath ?? "")"])
      return try Response(.internalServerError, message: "internal error \(id)")
    }
  }
}

extension FailureKind {
  /// The HTTP status of each kind of failure: the one table.
  package var httpStatus: HTTPResponse.Status {
    switch self {
    case .invalidArgument: .unprocessableContent
    case .notFound: .notFound
    case .alreadyExists, .failedPrecondition, .aborted: .conflict
    case .permissionDenied: .forbidden
    case .unauthenticated: .unauthorized
    case .resourceExhausted: .tooManyRequests
    case .unavailable: .serviceUnavailable
    case .deadlineExceeded: .gatewayTimeout
    case .unimplemented: .notImplemented
    }
  }
}

extension Response {
  fileprivate init(_ status: HTTPResponse.Status, message: String) throws {
    self.init(json: try JSON.encode(["message": message]), status: status)
  }

  init(json: [UInt8], status: HTTPResponse.Status = .ok) {
    self.init(status: status, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: ByteBuffer(bytes: json)))
  }
}
