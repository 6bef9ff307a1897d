package import Platform
import Tokens

/// Makes an invitation and returns its token, which is kept only as a hash.
package struct InviteAdmin: AdminOperation {
  package static let permission = Permission("manage.admin.invite")

  let role: Role

  package var target: AuditTarget { AuditTarget("role", role.rawValue) }

  package func perform(in manage: Manage, as admin: Authorized<Self>) async throws
    -> IssuedInvitation
  {
    let key = try idempotencyKey(of: admin)
    return try await manage.transaction { manage, transaction in
      try await transaction.secretly(
        key,
        request: role,
        sealing: manage.answers,
        at: manage.clock.now
      ) {
        try await manage.process(IssueInvitation(role: role, by: admin.admin.id))
      }
    }
  }
}

/// Makes an invitation, by an operator, whose own operation is audited, or by the command on the
/// machine, which is audited here.
package struct IssueInvitation: Operation {
  let role: Role
  let admin: Admin.ID?

  package init(role: Role, by admin: Admin.ID? = nil) {
    self.role = role
    self.admin = admin
  }

  package func perform(in manage: Manage) async throws -> IssuedInvitation {
    let token = manage.newToken()
    let now = manage.clock.now
    let expiresAt = now + Invitation.lifetime
    try await manage.transaction { manage, transaction in
      try await transaction.process(
        Invitation.Insert(
          id: manage.ids.next(),
          tokenHash: token.digest,
          role: role,
          createdAt: now,
          createdBy: admin,
          expiresAt: expiresAt
        )
      )
      guard admin == nil else { return }
      // Anyone with access to the machine may do everything.
      try await transaction.process(
        AuditRow.Insert(
          "manage.admin.invite_on_machine",
          on: AuditTarget("role", role.rawValue),
          by: .machine,
          role: .superAdmin,
          at: now,
          id: manage.ids.next()
        )
      )
    }
    return IssuedInvitation(token: token.text, expiresAt: expiresAt)
  }
}

/// A new invitation, with its token, which is only seen here.
package struct IssuedInvitation: Codable, Sendable {
  package let token: String
  package let expiresAt: Instant
}

extension Manage {
  func newToken() -> OpaqueToken {
    var generator = SystemRandomNumberGenerator()
    return OpaqueToken(using: &generator)
  }
}
