import Platform

/// Which roles may do what.
struct ListPermissions: AdminOperation {
  static let permission = Permission("manage.permission.list", .everyone)

  var target: AuditTarget { AuditTarget("permission", "") }

  func perform(in manage: Manage, as admin: Authorized<Self>) async throws -> PermissionTable {
    manage.gate.permissions
  }
}
