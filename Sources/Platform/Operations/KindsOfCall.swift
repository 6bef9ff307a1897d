// Each kind names `Context`, `Output` and `perform` again: the compiler infers the types of an
// operation from its `perform` only where all of them stand.

/// An operation that everyone may call, without a log-in. It takes no idempotency key: there is no
/// caller whose key it could be.
package protocol PublicOperation: CalledByAnyone, Operation, OneStepOperation
where Caller == Anyone {
  associatedtype Context
  associatedtype Output = Void

  func perform(in context: Context) async throws -> Output
}

extension PublicOperation {
  package static var access: Access { .anyone }

  package func perform(in context: Context, by entry: Entry<Self>) async throws -> Output {
    try await perform(in: context)
  }
}

/// An operation that customers call, each for its own account.
package protocol CustomerOperation: CalledByCustomer, Operation, OneStepOperation
where Caller == Customer {
  associatedtype Context
  associatedtype Output = Void

  func perform(in context: Context) async throws -> Output
}

extension CustomerOperation {
  package static var access: Access { .customer }

  package func perform(in context: Context, by entry: Entry<Self>) async throws -> Output {
    try await perform(in: context)
  }
}

/// An operation that partners' programs call.
package protocol PartnerOperation: CalledByPartner, Operation, OneStepOperation
where Caller == Partner {
  associatedtype Context
  associatedtype Output = Void

  func perform(in context: Context) async throws -> Output
}

extension PartnerOperation {
  package static var access: Access { .partner }

  package func perform(in context: Context, by entry: Entry<Self>) async throws -> Output {
    try await perform(in: context)
  }
}

/// An operation that operators call: it names its permission, and each call has a row in the audit
/// log.
package protocol AdminCall: CalledByAdmin, CalledOperation where Caller == Admin {
  /// The right to call it, with the roles that hold it.
  static var permission: Permission { get }
  /// What the audit row names.
  var target: AuditTarget { get }
  /// What else the audit row keeps, e.g. a reason or an amount; never a secret.
  var detail: String { get }
}

extension AdminCall {
  package static var access: Access { .operators(permission) }

  package var detail: String { "" }

  package func auditEntry(of admin: Admin, _ outcome: AuditOutcome) -> AuditEntry? {
    AuditEntry(self, by: admin, outcome: outcome)
  }
}

/// An operator's operation whose effect is in the database: it commits together with its audit row.
package protocol AdminOperation<Context>: AdminCall, OneStepOperation {
  associatedtype Context
  associatedtype Output = Void

  func perform(in context: Context, as admin: Authorized<Self>) async throws -> Output
}

extension AdminOperation {
  package func perform(in context: Context, by entry: Entry<Self>) async throws -> Output {
    try await perform(in: context, as: Authorized(entry.caller))
  }
}

/// Proof that `admin` may run `O` and that the run is audited. Only the gate makes one, so `perform`
/// can't be called past it.
@dynamicMemberLookup
package struct Authorized<O>: Sendable {
  package let admin: Admin

  init(_ admin: Admin) {
    self.admin = admin
  }

  package subscript<Value>(dynamicMember member: KeyPath<Admin, Value>) -> Value {
    admin[keyPath: member]
  }
}

/// Who the caller is, told apart from the operations' own protocols: the compiler infers the other
/// associated types of an operation only where this one comes from elsewhere.
package protocol CalledByAnyone {}
package protocol CalledByCustomer {}
package protocol CalledByPartner {}
package protocol CalledByAdmin {}

extension CalledByAnyone { package typealias Caller = Anyone }
extension CalledByCustomer { package typealias Caller = Customer }
extension CalledByPartner { package typealias Caller = Partner }
extension CalledByAdmin { package typealias Caller = Admin }
