package import Platform
import Tokens

/// Uses up an invitation: creates an operator with a first API key.
package struct RegisterAdmin: Operation {
  let invitationToken: String
  let name: AdminLabel

  package init(invitationToken: String, name: String) throws {
    self.invitationToken = invitationToken
    self.name = try AdminLabel(name, field: "name")
  }

  package func perform(in manage: Manage) async throws -> RegisteredAdmin {
    guard let token = OpaqueToken(invitationToken) else { throw InvitationError.unknownInvitation }
    return try await manage.transaction { manage, transaction in
      guard let row = try await transaction.process(Invitation.Lock(tokenHash: token.digest)) else {
        throw InvitationError.unknownInvitation
      }
      var invitation = Invitation(row)
      let now = manage.clock.now
      try invitation.use(at: now)
      let admin: Admin.ID = manage.ids.next()
      try await transaction.process(
        Administrator.Insert(id: admin, name: name.text, role: invitation.role, createdAt: now)
      )
      try await transaction.process(
        Invitation.MarkUsed(usedAt: now, usedBy: admin, id: invitation.id)
      )
      let key = manage.newToken()
      try await transaction.process(
        APIKey.Insert(
          id: manage.ids.next(),
          adminID: admin,
          name: "first key",
          keyHash: key.digest,
          createdAt: now,
          expiresAt: nil
        )
      )
      try await transaction.process(
        AuditRow.Insert(
          "manage.admin.register",
          on: AuditTarget("admin", admin.description),
          detail: "invitation \(invitation.id)",
          by: admin,
          role: invitation.role,
          at: now,
          id: manage.ids.next()
        )
      )
      return RegisteredAdmin(id: admin, apiKey: key.text)
    }
  }
}

/// A new operator, with the first API key, which is only seen here.
package struct RegisteredAdmin: Sendable {
  package let id: Admin.ID
  package let apiKey: String
}
