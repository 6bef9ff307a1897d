import Platform
import RPCEdge
import WorldKit

@testable import Shop

extension ShopWorld {
  /// This world's customer, with a session of its own.
  var customer: Customer { Customer(id: account, session: world.ids.next()) }

  /// Answers a request of the call under way, as the gRPC edge does.
  func answer<O: RPC>(_ operation: O.Type, _ request: O.Request) async throws -> O.Response
  where O.Context.Home == Shop {
    try await O.answer(request, in: shop)
  }

  /// Runs `body` as a call of this world's customer.
  func asCustomer<R: Sendable>(key: String? = nil, _ body: () async throws -> R) async throws -> R {
    try await call(as: .customer(customer), key: key, body)
  }

  /// Runs `body` as a call of an operator: `admin`, or a new one.
  func asOperator<R: Sendable>(
    _ admin: Admin? = nil,
    key: String? = nil,
    _ body: () async throws -> R
  ) async throws -> R {
    let caller = if let admin { admin } else { try await world.admin() }
    return try await call(as: .admin(caller), key: key, body)
  }

  private func call<R: Sendable>(
    as caller: Caller,
    key: String?,
    _ body: () async throws -> R
  ) async throws -> R {
    let request = RequestContext(requestID: "test", caller: caller, idempotencyKey: key)
    return try await RequestContext.$current.withValue(request) { try await body() }
  }
}
