import Platform

/// A single-use, expiring token that makes an operator.
struct Invitation: Identifiable, Hashable, Sendable {
  let id: Identifier<Invitation>
  let role: Role
  let expiresAt: Instant
  private(set) var usedAt: Instant?

  /// Long enough to reach a colleague, short enough not to be forgotten in a chat.
  static let lifetime = Duration.seconds(7 * 86_400)

  init(id: Identifier<Invitation>, role: Role, expiresAt: Instant, usedAt: Instant? = nil) {
    self.id = id
    self.role = role
    self.expiresAt = expiresAt
    self.usedAt = usedAt
  }

  /// Marks the invitation as used. Making the operator is the caller's part.
  mutating func use(at instant: Instant) throws(InvitationError) {
    guard usedAt == nil else { throw .invitationUsed }
    guard instant < expiresAt else { throw .invitationExpired }
    usedAt = instant
  }
}

/// Why an invitation could not be used.
enum InvitationError: String, DomainError {
  case unknownInvitation, invitationUsed, invitationExpired

  var kind: FailureKind {
    switch self {
    case .unknownInvitation: .notFound
    case .invitationUsed, .invitationExpired: .failedPrecondition
    }
  }
}

extension Invitation {
  init(_ row: Invitation.Lock.Row) {
    self.init(id: row.id, role: row.role, expiresAt: row.expiresAt, usedAt: row.usedAt)
  }
}
