import Platform
import RPCEdge

@testable import Manage

extension ManageWorld {
  /// Answers a request of the call under way, as the gRPC edge does.
  func answer<O: RPC>(_ operation: O.Type, _ request: O.Request) async throws -> O.Response
  where O.Context.Home == Manage {
    try await O.answer(request, in: manage)
  }

  /// Runs `body` as a call of `admin`.
  func asOperator<R: Sendable>(
    _ admin: Admin,
    key: String? = nil,
    _ body: () async throws -> R
  ) async throws -> R {
    let request = RequestContext(requestID: "test", caller: .admin(admin), idempotencyKey: key)
    return try await RequestContext.$current.withValue(request) { try await body() }
  }
}
