import Platform

/// Lets an operator in again.
struct EnableAdmin: AdminOperation {
  static let permission = Permission("manage.admin.enable", .superAdmins)

  let id: Admin.ID

  var target: AuditTarget { AuditTarget("admin", id.description) }

  func perform(in manage: InTransaction<Manage>, as admin: Authorized<Self>) async throws {
    try await manage.change(id) { administrator, _ throws(AdministratorError) in
      administrator.enable()
    }
  }
}
