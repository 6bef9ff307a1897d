import Platform

/// Changes an operator's role. It takes effect from the operator's next call.
struct ChangeAdminRole: AdminOperation {
  static let permission = Permission("manage.admin.change_role", .superAdmins)

  let id: Admin.ID
  let role: Role

  var target: AuditTarget { AuditTarget("admin", id.description) }
  var detail: String { role.rawValue }

  func perform(in manage: InTransaction<Manage>, as admin: Authorized<Self>) async throws {
    try await manage.change(id) { administrator, superAdmins throws(AdministratorError) in
      try administrator.changeRole(to: role, among: superAdmins)
    }
  }
}

extension InTransaction<Manage> {
  /// Changes an operator after locking all SuperAdmins, so that two who remove each other can't
  /// both succeed.
  func change(
    _ id: Admin.ID,
    _ change: (inout Administrator, [Admin.ID]) throws(AdministratorError) -> Void
  ) async throws {
    let superAdmins = try await process(Administrator.LockSuperAdmins())
    guard let row = try await process(Administrator.Lock(id: id)) else {
      throw NotFound("admin")
    }
    let before = Administrator(row)
    var administrator = before
    try change(&administrator, superAdmins)
    if administrator.role != before.role {
      try await process(Administrator.SetRole(role: administrator.role, id: id))
    }
    if administrator.isDisabled != before.isDisabled {
      try await process(Administrator.SetDisabled(disabled: administrator.isDisabled, id: id))
    }
  }
}
