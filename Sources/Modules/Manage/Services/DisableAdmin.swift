import Platform

/// Locks an operator out at once. The operator's keys work again after enabling.
struct DisableAdmin: AdminOperation {
  static let permission = Permission("manage.admin.disable", .superAdmins)

  let id: Admin.ID

  var target: AuditTarget { AuditTarget("admin", id.description) }

  func perform(in manage: InTransaction<Manage>, as admin: Authorized<Self>) async throws {
    try await manage.change(id) { administrator, superAdmins throws(AdministratorError) in
      try administrator.disable(among: superAdmins)
    }
  }
}
