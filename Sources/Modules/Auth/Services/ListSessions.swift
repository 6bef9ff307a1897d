import Platform

/// The sessions of the customer's account, most recently used first.
struct ListSessions: CustomerOperation {
  let customer: Customer

  /// One of the sessions.
  struct Item: Hashable, Sendable {
    let id: Session.ID
    let session: LoginSession
    /// Whether it is the one that the customer calls with.
    let isCurrent: Bool
  }

  func perform(in auth: Auth) async throws -> [Item] {
    try await Sessions(redis: auth.redis).all(of: customer.id).map { id, session in
      Item(id: id, session: session, isCurrent: id == customer.session)
    }
  }
}
