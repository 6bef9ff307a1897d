/// A customer: one identity, several ways to log in. Its record belongs to Auth.
package enum Account {
  package typealias ID = Identifier<Account>
}

/// One log-in of an account. Its record belongs to Auth.
package enum Session {
  package typealias ID = Identifier<Session>
}

/// A verified operator. Only `AdminVerifier` makes one.
package struct Admin: Sendable, Hashable {
  package typealias ID = Identifier<Admin>

  package let id: ID
  package let role: Role

  init(id: ID, role: Role) {
    self.id = id
    self.role = role
  }
}

/// Turns an admin token into an `Admin`, by the check that Manage supplies.
package struct AdminVerifier: Sendable {
  private let verify: @Sendable (String) async throws -> (Admin.ID, Role)

  package init(_ verify: @escaping @Sendable (String) async throws -> (Admin.ID, Role)) {
    self.verify = verify
  }

  package func callAsFunction(_ token: String) async throws -> Admin {
    let (id, role) = try await verify(token)
    return Admin(id: id, role: role)
  }
}

/// A verified customer, by the session it called with.
package struct Customer: Sendable, Hashable {
  package let id: Account.ID
  package let session: Session.ID

  package init(id: Account.ID, session: Session.ID) {
    self.id = id
    self.session = session
  }
}

/// Turns a customer's access token into a `Customer`, by the check that Auth supplies.
package struct CustomerVerifier: Sendable {
  private let verify: @Sendable (String) async throws -> Customer

  package init(_ verify: @escaping @Sendable (String) async throws -> Customer) {
    self.verify = verify
  }

  package func callAsFunction(_ token: String) async throws -> Customer {
    try await verify(token)
  }
}

/// A partner's program, by the credentials it called with.
package struct Partner: Sendable, Hashable {
  package typealias ID = Identifier<Partner>

  package let id: ID

  package init(id: ID) {
    self.id = id
  }
}

/// Whoever calls, with or without a log-in.
package struct Anyone: Sendable, Hashable {
  package init() {}
}

/// Who calls, as the edge has verified it.
package enum Caller: Sendable, Hashable {
  case anonymous
  case customer(Customer)
  case admin(Admin)
  case partner(Partner)

  /// The customer who makes this call. Throws what is wrong with the call's token, or
  /// `Unauthenticated` if it has none.
  package static func account() throws -> Customer {
    guard case .customer(let customer) = try known() else { throw Unauthenticated() }
    return customer
  }

  /// The operator who makes this call. Throws what is wrong with the call's token, or
  /// `Unauthenticated` if it has none.
  package static func admin() throws -> Admin {
    guard case .admin(let admin) = try known() else { throw Unauthenticated() }
    return admin
  }

  /// The partner who makes this call. Throws why the call's credentials are no good, or
  /// `Unauthenticated` when it has none.
  package static func partner() throws -> Partner {
    guard case .partner(let partner) = try known() else { throw Unauthenticated() }
    return partner
  }

  private static func known() throws -> Caller {
    guard let call = RequestContext.current else { return .anonymous }
    if let refusal = call.refusal { throw refusal }
    return call.caller
  }
}

/// What the edge knows of the call under way.
package struct RequestContext: Sendable {
  package var requestID: String
  package var caller: Caller
  /// What is wrong with the token of an anonymous call. Calls that need a caller are refused with
  /// this; logging in and refreshing a session work anyway.
  package var refusal: (any Error)?
  package var remoteAddress: String
  package var userAgent: String
  package var idempotencyKey: String?
  /// The message whose handling this is, if it is no call of a client.
  package var causationID: String?

  package init(
    requestID: String,
    caller: Caller = .anonymous,
    remoteAddress: String = "",
    userAgent: String = "",
    idempotencyKey: String? = nil,
    causationID: String? = nil
  ) {
    self.requestID = requestID
    self.caller = caller
    self.remoteAddress = remoteAddress
    self.userAgent = userAgent
    self.idempotencyKey = idempotencyKey
    self.causationID = causationID
  }

  @TaskLocal package static var current: RequestContext?
}
