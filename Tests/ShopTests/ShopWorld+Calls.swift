import GRPCCore
import Platform
import WorldKit

@testable import Shop

extension ShopWorld {
  /// Runs `body` as a call of this world's customer.
  func asCustomer<R: Sendable>(key: String? = nil, _ body: (ServerContext) async throws -> R)
    async throws -> R
  {
    let customer = Customer(id: account, session: world.ids.next())
    return try await call(as: .customer(customer), key: key, body)
  }

  /// Runs `body` as a call of an operator: `admin`, or a new one.
  func asOperator<R: Sendable>(
    _ admin: Admin? = nil,
    key: String? = nil,
    _ body: (ServerContext) async throws -> R
  ) async throws -> R {
    let caller = if let admin { admin } else { try await world.admin() }
    return try await call(as: .admin(caller), key: key, body)
  }

  private func call<R: Sendable>(
    as caller: Caller,
    key: String?,
    _ body: (ServerContext) async throws -> R
  ) async throws -> R {
    let request = RequestContext(requestID: "test", caller: caller, idempotencyKey: key)
    return try await RequestContext.$current.withValue(request) {
      try await withServerContextRPCCancellationHandle { cancellation in
        let method = MethodDescriptor(fullyQualifiedService: "helium.shop.v1", method: "Test")
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
