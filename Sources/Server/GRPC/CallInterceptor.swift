package import GRPCCore
import GRPCProtobuf
import Logging
package import Platform
import ServiceContextModule

/// The edge of every RPC: trace, request id, log metadata, who calls, and failures turned into statuses.
package struct CallInterceptor: ServerInterceptor {
  private let customers: CustomerVerifier
  private let admins: AdminVerifier
  private let proxies: TrustedProxies
  private let ids: IdentifierSource

  package init(customers: CustomerVerifier, admins: AdminVerifier, proxies: TrustedProxies, ids: IdentifierSource) {
    self.customers = customers
    self.admins = admins
    self.proxies = proxies
    self.ids = ids
  }

  package func intercept<Input: Sendable, Output: Sendable>(
    request: StreamingServerRequest<Input>, context: ServerContext,
    next: @concurrent @Sendable (StreamingServerRequest<Input>, ServerContext) async throws -> StreamingServerResponse<Output>
  ) async throws -> StreamingServerResponse<Output> {
    let requestID = request.metadata.text("x-request-id").flatMap(Self.acceptable) ?? ids.next(RequestContext.self).description
    var service = ServiceContext.current ?? .topLevel
    service.trace = request.metadata.text("traceparent").flatMap(TraceContext.init(traceparent:)) ?? Self.newTrace()
    var logger = Telemetry.logger
    logger[metadataKey: LogKey.requestID] = "\(requestID)"
    logger[metadataKey: LogKey.traceID] = "\(service.trace?.traceID ?? "")"
    logger[metadataKey: LogKey.method] = "\(context.descriptor.fullyQualifiedMethod)"
    return try await ServiceContext.withValue(service) {
      try await Telemetry.$logger.withValue(logger) {
        do {
          let call = RequestContext(
            requestID: requestID, caller: try await caller(of: request.metadata), remoteAddress: remoteAddress(request.metadata, context),
            userAgent: request.metadata.text("user-agent") ?? "", idempotencyKey: request.metadata.text("idempotency-key"))
          return try await RequestContext.$current.withValue(call) { try await next(request, context) }
        } catch {
          throw status(of: error, logger)
        }
      }
    }
  }

  private func caller(of metadata: Metadata) async throws -> Caller {
    if let token = metadata.text("x-admin-authorization") {
      return .admin(try await admins(Self.bare(token)))
    }
    if let header = metadata.text("authorization") {
      guard header.lowercased().hasPrefix("bearer ") else { throw Unauthenticated("MALFORMED_AUTHORIZATION") }
      return .customer(try await customers(Self.bare(header)))
    }
    return .anonymous
  }

  /// The token of `Bearer <token>`, or the text itself.
  private static func bare(_ header: String) -> String {
    header.lowercased().hasPrefix("bearer ") ? String(header.dropFirst("bearer ".count)) : header
  }

  private func status(of error: any Error, _ logger: Logger) -> any Error {
    switch error {
    case let error as any DomainError:
      logger.info("call refused", metadata: [LogKey.outcome: "\(error.reason)"])
      return GoogleRPCStatus(error)
    case is RPCError, is GoogleRPCStatus, is CancellationError:
      return error
    default:
      let id = ids.next(RequestContext.self).description
      logger.error("call failed", metadata: [LogKey.errorID: "\(id)", LogKey.error: "\(error)"])
      return GoogleRPCStatus(internalWithID: id)
    }
  }

  private func remoteAddress(_ metadata: Metadata, _ context: ServerContext) -> String {
    // `ipv4:127.0.0.1:31415` or `ipv6:[::1]:443`.
    let address = context.remotePeer.split(separator: ":", maxSplits: 1).last.flatMap { ListenAddress(String($0)) }
    return proxies.clientAddress(peer: address?.host ?? "", forwardedFor: metadata[stringValues: "x-forwarded-for"].map { $0 })
  }

  /// A request id of the client's own is kept when it can't hurt the log: short, printable ASCII.
  private static func acceptable(_ id: String) -> String? {
    (1...128).contains(id.utf8.count) && id.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? id : nil
  }

  private static func newTrace() -> TraceContext {
    var generator = SystemRandomNumberGenerator()
    return TraceContext(using: &generator)
  }
}

extension Metadata {
  fileprivate func text(_ key: String) -> String? {
    self[stringValues: key].first { _ in true }
  }
}
