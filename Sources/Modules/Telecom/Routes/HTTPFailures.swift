import FoundationEssentials
package import Hummingbird
import Logging
package import Platform

/// Answers what routes throw with a status and JSON, never with a tag.
package struct HTTPFailures<Context: Hummingbird.RequestContext>: RouterMiddleware {
  private let ids: IdentifierSource
  private let style: HTTPFailureStyle

  package init(ids: IdentifierSource, style: HTTPFailureStyle = .message) {
    self.ids = ids
    self.style = style
  }

  package func handle(
    _ request: Request,
    context: Context,
    next: @concurrent (Request, Context) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch let error as any DomainError {
      return try style.response(to: error)
    } catch let error as any HTTPResponseError {
      return try style.response(
        error.status,
        (error as? HTTPError)?.body ?? error.status.reasonPhrase.lowercased()
      )
    } catch {
      // The route and not the path: links are secrets.
      let route = "\(request.method) \(context.endpointPath ?? "")"
      if let failure = DependencyUnavailable(error) {
        Telemetry.logger.warning(
          "request refused",
          metadata: [
            LogKey.outcome: "\(failure.reason)", LogKey.error: "\(error)",
            LogKey.method: "\(route)",
          ]
        )
        return try style.response(to: failure)
      }
      // What happened is in the log, once, under an id that the answer tells.
      let id = ids.randomUUID().uuidString.lowercased()
      Telemetry.logger.error(
        "request failed",
        metadata: [LogKey.errorID: "\(id)", LogKey.error: "\(error)", LogKey.method: "\(route)"]
      )
      return try style.response(.internalServerError, "internal error \(id)")
    }
  }
}

/// How a failure is written.
package enum HTTPFailureStyle: Sendable {
  /// `{"message": …}` with the status of its kind.
  case message
  /// SSPanel's `{"ret": 0, "msg": …}`: what the request itself has wrong is answered 200, for its
  /// agents judge by `ret`. Source: SSPanel-UIM 25.1.
  case modMu

  fileprivate func response(to error: any DomainError) throws -> Response {
    switch (self, error.kind) {
    case (.message, let kind): try response(kind.httpStatus, error.message)
    case (.modMu, .unauthenticated): try response(.unauthorized, "Invalid request.")
    case (.modMu, .invalidArgument): try response(.ok, "Invalid data.")
    case (.modMu, .failedPrecondition): try response(.ok, error.message)
    case (.modMu, let kind): try response(kind.httpStatus, error.message)
    }
  }

  fileprivate func response(_ status: HTTPResponse.Status, _ message: String) throws -> Response {
    switch self {
    case .message: Response(json: try JSON.encode(["message": message]), status: status)
    case .modMu: Response(json: try JSON.encode(ModMuFailure(msg: message)), status: status)
    }
  }
}

private struct ModMuFailure: Encodable {
  var ret = 0
  let msg: String
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
  init(json: [UInt8], status: HTTPResponse.Status = .ok) {
    self.init(
      status: status,
      headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: json))
    )
  }
}
