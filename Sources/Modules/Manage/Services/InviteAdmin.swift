import Platform

/// Makes an invitation and returns its token, which is kept only as a hash.
struct InviteAdmin: AdminOperation {
  static let permission = Permission("manage.admin.invite", .superAdmins)
  static let repeats = Repeats.firstAnswer

  let role: Role

  var target: AuditTarget { AuditTarget("role", role.rawValue) }

  func perform(
    in manage: InTransaction<Manage>,
    as admin: Authorized<Self>
  ) async throws -> IssuedInvitation {
    try await manage.process(IssueInvitation(role: role, by: admin.id))
  }
}
