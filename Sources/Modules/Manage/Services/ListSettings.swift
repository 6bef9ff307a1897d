import Platform

/// The names of the modules that have settings.
struct ListSettings: AdminOperation {
  static let permission = Permission("manage.settings.list", .moderators)

  var target: AuditTarget { AuditTarget("settings", "") }

  func perform(in manage: Manage, as admin: Authorized<Self>) async throws -> [String] {
    manage.settings.modules
  }
}
