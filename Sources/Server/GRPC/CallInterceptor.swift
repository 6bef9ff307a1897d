package import GRPCCore
package import HTTPEdge
package import Platform

/// The edge of every RPC: trace, request id, log metadata, who calls, metrics, cancellation, and
/// failures turned into statuses.
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
    let call = await edge(request.metadata, context)
    var response = try await call.run { try await next(request, context) }
    switch response.accepted {
    case .failure(let error): call.outcome.record(CallEdge.code(of: error))
    case .success(var contents):
      let producer = contents.producer
      contents.producer = { writer in
        let trailers = try await call.produce { try await producer(writer) }
        call.outcome.record("ok")
        return trailers
      }
      response.accepted = .success(contents)
    }
    return response
  }

  /// The edge of a call with this metadata, and who makes it.
  private func edge(_ metadata: Metadata, _ context: ServerContext) async -> CallEdge {
    let method = context.descriptor.fullyQualifiedMethod
    let timeout = metadata.text("grpc-timeout").flatMap(Duration.init(grpcTimeout:))
    let deadline = timeout.map { ContinuousClock.now + $0 }
    let scope = CallScope(
      requestID: metadata.text("x-request-id"),
      traceparent: metadata.text("traceparent"),
      method: method,
      ids: ids
    )
    let outcome = CallOutcome(method: method, logger: scope.logger)
    var request = RequestContext(
      requestID: scope.requestID,
      remoteAddress: remoteAddress(metadata, context),
      userAgent: metadata.text("user-agent") ?? "",
      idempotencyKey: metadata.text("idempotency-key")
    )
    await scope.run {
      do {
        request.caller = try await caller(of: metadata)
      } catch {
        // Clients send their token with every call, also with the one that refreshes it.
        request.refusal = error
      }
    }
    return CallEdge(
      scope: scope,
      request: request,
      context: context,
      deadline: deadline,
      ids: ids,
      outcome: outcome
    )
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
