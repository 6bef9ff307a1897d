package import Platform
import Tokens

/// Makes an invitation, by an operator, whose own operation is audited, or by the command on the
/// machine, which is audited here.
package struct IssueInvitation: Operation {
  let role: Role
  let admin: Admin.ID?

  package init(role: Role, by admin: Admin.ID? = nil) {
    self.role = role
    self.admin = admin
  }

  package func perform(in manage: InTransaction<Manage>) async throws -> IssuedInvitation {
    let token = manage.module.newToken()
    let now = manage.clock.now
    let expiresAt = now + Invitation.lifetime
    try await manage.process(
      Invitation.Insert(
        id: manage.ids.next(),
        tokenHash: token.digest,
        role: role,
        createdAt: now,
        createdBy: admin,
        expiresAt: expiresAt
      )
    )
    if admin == nil {
      // Anyone with access to the machine may do everything.
      try await manage.process(
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
package struct IssuedInvitation: Sendable {
  package let token: String
  package let expiresAt: Instant
}

extension Manage {
  func newToken() -> OpaqueToken {
    var generator = SystemRandomNumberGenerator()
    return OpaqueToken(using: &generator)
  }
}
