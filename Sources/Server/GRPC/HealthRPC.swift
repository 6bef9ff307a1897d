package import GRPCCore
package import GRPCProtos
import SwiftProtobuf

/// Serves `grpc.health.v1.Health`.
package struct HealthRPC: Grpc_Health_V1_Health.SimpleServiceProtocol {
  private let registry: HealthRegistry

  package init(_ registry: HealthRegistry) {
    self.registry = registry
  }

  package func check(
    request: Grpc_Health_V1_HealthCheckRequest,
    context: ServerContext
  ) async throws -> Grpc_Health_V1_HealthCheckResponse {
    guard let status = registry.status(of: request.service) else {
      throw RPCError(code: .notFound, message: "unknown service")
    }
    return .with { $0.status = .init(status) }
  }

  package func watch(
    request: Grpc_Health_V1_HealthCheckRequest,
    response: RPCWriter<Grpc_Health_V1_HealthCheckResponse>,
    context: ServerContext
  ) async throws {
    let watch = registry.watch(request.service)
    defer { watch.cancel() }
    try await withRPCCancellationHandler {
      for await status in watch.statuses {
        try await response.write(.with { $0.status = .init(status) })
      }
    } onCancelRPC: {
      watch.cancel()
    }
  }
}

extension Grpc_Health_V1_HealthCheckResponse.ServingStatus {
  fileprivate init(_ status: HealthRegistry.Status?) {
    switch status {
    case .serving: self = .serving
    case .notServing: self = .notServing
    case nil: self = .serviceUnknown
    }
  }
}
