import Platform

/// Changes an operator's role. It takes effect from the operator's next call.
struct ChangeAdminRole: AdminOperation {
  static let permission = Permission("manage.admin.change_role")

  let id: Admin.ID
  let role: Role

  var target: AuditTarget { AuditTarget("admin", id.description) }
  var detail: String { role.rawValue }

  func perform(in manage: Manage, as admin: Authorized<Self>) async throws {
    try await manage.change(id) { administrator, superAdmins throws(AdministratorError) in
      try administrator.changeRole(to: role, among: superAdmins)
    }
  }
}

/// Locks an operator out at once. The operator's keys work again after enabling.
struct DisableAdmin: AdminOperation {
  static let permission = Permission("manage.admin.disable")

  let id: Admin.ID

  var target: AuditTarget { AuditTarget("admin", id.description) }

  func perform(in manage: Manage, as admin: Authorized<Self>) async throws {
    try await manage.change(id) { administrator, superAdmins throws(AdministratorError) in
      try administrator.disable(among: superAdmins)
    }
  }
}

/// Lets an operator in again.
struct EnableAdmin: AdminOperation {
  static let permission = Permission("manage.admin.enable")

  let id: Admin.ID

  var target: AuditTarget { AuditTarget("admin", id.description) }

  func perform(in manage: Manage, as admin: Authorized<Self>) async throws {
    try await manage.change(id) { administrator, _ throws(AdministratorError) in
      administrator.enable()
    }
  }
}

extension Manage {
  /// Changes an operator after locking all SuperAdmins, so that two who remove each other can't
  /// both succeed.
  fileprivate func change(
    _ id: Admin.ID,
    _ change: @Sendable (inout Administrator, [Admin.ID]) throws(AdministratorError) -> Void
  ) async throws {
    try await transaction { _, transaction in
      let superAdmins = try await transaction.process(Administrator.LockSuperAdmins())
      guard let row = try await transaction.process(Administrator.Lock(id: id)) else {
        throw NotFound("admin")
      }
      let before = Administrator(row)
      var administrator = before
      try change(&administrator, superAdmins)
      if administrator.role != before.role {
        try await transaction.process(Administrator.SetRole(role: administrator.role, id: id))
      }
      if administrator.isDisabled != before.isDisabled {
        try await transaction.process(
          Administrator.SetDisabled(disabled: administrator.isDisabled, id: id)
        )
      }
    }
  }
}
