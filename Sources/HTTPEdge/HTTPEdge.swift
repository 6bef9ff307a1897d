import HTTPTypes
package import Hummingbird
package import Platform

/// The edge of every HTTP request, as `CallInterceptor` is of every RPC: trace, request id, log
/// metadata, the client's address, duration.
package struct HTTPEdge: RouterMiddleware {
  private let proxies: TrustedProxies
  private let ids: IdentifierSource

  package init(proxies: TrustedProxies, ids: IdentifierSource) {
    self.proxies = proxies
    self.ids = ids
  }

  package func handle(
    _ request: Request,
    context: HTTPCall,
    next: @concurrent (Request, HTTPCall) async throws -> Response
  ) async throws -> Response {
    // The path of a subscription is a secret, so the route is logged instead.
    let route = context.endpointPath ?? "none"
    let scope = CallScope(
      requestID: request.headers[.requestID],
      traceparent: request.headers[.traceparent],
      method: request.method.rawValue + " " + route,
      ids: ids
    )
    let call = RequestContext(
      requestID: scope.requestID,
      remoteAddress: proxies.clientAddress(
        peer: context.peer,
        forwardedFor: request.headers[values: .forwardedFor]
      ),
      userAgent: request.headers[.userAgent] ?? ""
    )
    let start = ContinuousClock.now
    var response = try await scope.run {
      try await RequestContext.$current.withValue(call) { try await next(request, context) }
    }
    Telemetry.record(
      start.duration(to: .now),
      as: "helium_http_duration_seconds",
      [("route", route), ("status", String(response.status.code))]
    )
    response.headers[.requestID] = scope.requestID
    return response
  }
}

extension HTTPField.Name {
  // These are well-formed names.
  static let requestID = Self("X-Request-ID")!
  static let forwardedFor = Self("X-Forwarded-For")!
}
