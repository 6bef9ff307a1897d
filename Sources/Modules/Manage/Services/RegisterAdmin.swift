import Platform
import Tokens

/// Uses up an invitation: creates an operator with a first API key.
struct RegisterAdmin: PublicOperation {
  let invitationToken: String
  let name: AdminLabel

  init(invitationToken: String, name: String) throws {
    self.invitationToken = invitationToken
    self.name = try AdminLabel(name, field: "name")
  }

  func perform(in manage: InTransaction<Manage>) async throws -> RegisteredAdmin {
    guard let token = OpaqueToken(invitationToken),
      let row = try await manage.process(Invitation.Lock(tokenHash: token.digest))
    else { throw InvitationError.unknownInvitation }
    var invitation = Invitation(row)
    let now = manage.clock.now
    try invitation.use(at: now)
    let admin: Admin.ID = manage.ids.next()
    try await manage.process(
      Administrator.Insert(id: admin, name: name.text, role: invitation.role, createdAt: now)
    )
    try await manage.process(Invitation.MarkUsed(usedAt: now, usedBy: admin, id: invitation.id))
    let key = try await manage.issueKey(to: admin, named: "first key", until: nil)
    try await manage.process(
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
    return RegisteredAdmin(id: admin, apiKey: key.secret)
  }
}

/// A new operator, with the first API key, which is only seen here.
struct RegisteredAdmin: Sendable {
  let id: Admin.ID
  let apiKey: String
}
