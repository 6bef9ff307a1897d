import GRPCCore
import Platform

extension ManageWorld {
  /// Runs `body` as a call of `admin`.
  func asOperator<R: Sendable>(
    _ admin: Admin,
    key: String? = nil,
    _ body: (ServerContext) async throws -> R
  ) async throws -> R {
    let request = RequestContext(requestID: "test", caller: .admin(admin), idempotencyKey: key)
    return try await RequestContext.$current.withValue(request) {
      try await withServerContextRPCCancellationHandle { cancellation in
        let method = MethodDescriptor(fullyQualifiedService: "helium.manage.v1", method: "Test")
        return try await body(
          ServerContext(
            descriptor: method,
            remotePeer: "test",
            localPeer: "test",
            cancellation: cancellation
          )
        )
      }
    }
  }
}
