import FoundationEssentials
package import Hummingbird
import Logging
package import Platform

/// Answers what routes throw with a status and JSON, never with a tag.
package struct HTTPFailures: RouterMiddleware {
  private let ids: IdentifierSource
  private let style: any HTTPFailureStyle

  package init(ids: IdentifierSource, style: any HTTPFailureStyle = .message) {
    self.ids = ids
    self.style = style
  }

  package func handle(
    _ request: Request,
    context: HTTPCall,
    next: @concurrent (Request, HTTPCall) async throws -> Response
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
      // What happened is in the log, once, under the id that the answer contains.
      let id = ids.randomUUID().uuidString.lowercased()
      Telemetry.logger.error(
        "request failed",
        metadata: [LogKey.errorID: "\(id)", LogKey.error: "\(error)", LogKey.method: "\(route)"]
      )
      return try style.response(.internalServerError, "internal error \(id)")
    }
  }
}
