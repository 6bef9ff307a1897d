package import GRPCCore
import GRPCProtobuf
package import HTTPEdge
import Logging
package import Platform

/// The edge of every RPC: trace, request id, log metadata, who calls, and failures turned into
/// statuses.
package struct CallInterceptor: ServerInterceptor {
  private let customers: CustomerVerifier
  private let admins: AdminVerifier
  private let proxies: TrustedProxies
  private let ids: IdentifierSource

  package init(
    customers: CustomerVerifier,
    admins: AdminVerifier,
    proxies: TrustedProxies,
    ids: IdentifierSource
  ) {
    self.customers = customers
    self.admins = admins
    self.proxies = proxies
    self.ids = ids
  }

  package func intercept<Input: Sendable, Output: Sendable>(
    request: StreamingServerRequest<Input>,
    context: ServerContext,
    next:
      @concurrent @Sendable (StreamingServerRequest<Input>, ServerContext) async throws ->
      StreamingServerResponse<Output>
  ) async throws -> StreamingServerResponse<Output> {
    let method = context.descriptor.fullyQualifiedMethod
    let scope = CallScope(
      requestID: request.metadata.text("x-request-id"),
      traceparent: request.metadata.text("traceparent"),
      method: method,
      ids: ids
    )
    let start = ContinuousClock.now
    return try await scope.run {
      do {
        var call = RequestContext(
          requestID: scope.requestID,
          remoteAddress: remoteAddress(request.metadata, context),
          userAgent: request.metadata.text("user-agent") ?? "",
          idempotencyKey: request.metadata.text("idempotency-key")
        )
        do {
          call.caller = try await caller(of: request.metadata)
        } catch {
          // Clients send their token with every call, also with the one that refreshes it.
          call.refusal = error
        }
        let response = try await RequestContext.$current.withValue(call) {
          try await next(request, context)
        }
        record(start, method, code: "ok")
        return response
      } catch {
        let status = status(of: error, scope.logger)
        record(start, method, code: Self.code(of: status))
        throw status
      }
    }
  }

  private func record(_ start: ContinuousClock.Instant, _ method: String, code: String) {
    Telemetry.record(
      start.duration(to: .now),
      as: "helium_rpc_duration_seconds",
      [("method", method), ("code", code)]
    )
  }

  private static func code(of error: any Error) -> String {
    switch error {
    case let status as GoogleRPCStatus: "\(status.code)"
    case let error as RPCError: "\(error.code)"
    default: "cancelled"
    }
  }

  private func caller(of metadata: Metadata) async throws -> Caller {
    if let token = metadata.text("x-admin-authorization") {
      return .admin(try await admins(Self.bare(token)))
    }
    if let header = metadata.text("authorization") {
      guard header.lowercased().hasPrefix("bearer ") else {
        throw Unauthenticated("MALFORMED_AUTHORIZATION")
      }
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
    case let error as RPCError:
      return GoogleRPCStatus(error)
    case is GoogleRPCStatus, is CancellationError:
      return error
    default:
      if let failure = DependencyUnavailable(error) {
        logger.warning(
          "call refused",
          metadata: [LogKey.outcome: "\(failure.reason)", LogKey.error: "\(error)"]
        )
        return GoogleRPCStatus(failure)
      }
      let id = ids.next(RequestContext.self).description
      logger.error("call failed", metadata: [LogKey.errorID: "\(id)", LogKey.error: "\(error)"])
      return GoogleRPCStatus(internalWithID: id)
    }
  }

  private func remoteAddress(_ metadata: Metadata, _ context: ServerContext) -> String {
    // `ipv4:127.0.0.1:31415` or `ipv6:[::1]:443`.
    let address = context.remotePeer.split(separator: ":", maxSplits: 1).last.flatMap {
      ListenAddress(String($0))
    }
    return proxies.clientAddress(
      peer: address?.host ?? "",
      forwardedFor: metadata[stringValues: "x-forwarded-for"].map { $0 }
    )
  }
}

extension Metadata {
  fileprivate func text(_ key: String) -> String? {
    self[stringValues: key].first { _ in true }
  }
}
