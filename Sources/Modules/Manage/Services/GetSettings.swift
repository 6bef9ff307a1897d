import Platform

/// A module's settings as they are stored, or the defaults.
struct GetSettings: AdminOperation {
  static let permission = Permission("manage.settings.get", .moderators)

  let module: String

  var target: AuditTarget { .settings(of: module) }

  func perform(in manage: Manage, as admin: Authorized<Self>) async throws -> SettingsDocument {
    try manage.checkHasSettings(module)
    let stored = try await manage.settings.stored(module, in: manage.database)
    return SettingsDocument(
      version: stored.version,
      document: stored.document,
      changedAt: nil,
      changedBy: nil
    )
  }
}

extension Manage {
  /// Throws what a request could have named instead of `module`, unless that has settings.
  func checkHasSettings(_ module: String) throws(InvalidInput) {
    guard settings.modules.contains(module) else {
      throw InvalidInput("module", "must be one of \(settings.modules.joined(separator: ", "))")
    }
  }
}

extension AuditTarget {
  /// The settings of a module as a request names it. The audit log is given nothing that can't be
  /// a name.
  static func settings(of module: String) -> AuditTarget {
    AuditTarget("settings", (try? AdminLabel(module, field: "module"))?.text ?? "")
  }
}
