package import FoundationEssentials

/// A kind of caller of operations.
package protocol CallingParty: Sendable {
  /// The kind's name: part of idempotency keys.
  static var kind: String { get }
  /// Whose idempotency keys a call's are; nil: it has none.
  var identity: UUID? { get }
  /// What rate limits count; nil: nobody that they could tell from others.
  var limitSubject: String? { get }

  /// Who makes the call under way. Throws `Unauthenticated`, or why the call's token is no good.
  static func current() throws -> Self
}

extension CallingParty {
  package var limitSubject: String? { identity.map { "\(Self.kind):\($0)" } }
}

extension Anyone: CallingParty {
  package static let kind = "anyone"
  package var identity: UUID? { nil }

  /// The network that the call comes from.
  package var limitSubject: String? {
    ClientNetwork.subject(of: RequestContext.current?.remoteAddress ?? "")
  }

  package static func current() -> Anyone { Anyone() }
}

extension Customer: CallingParty {
  package static let kind = "customer"
  package var identity: UUID? { id.uuid }

  package static func current() throws -> Customer { try Caller.account() }
}

extension Admin: CallingParty {
  package static let kind = "admin"
  package var identity: UUID? { id.uuid }

  package static func current() throws -> Admin { try Caller.admin() }
}

extension Partner: CallingParty {
  package static let kind = "partner"
  package var identity: UUID? { id.uuid }

  package static func current() throws -> Partner { try Caller.partner() }
}
