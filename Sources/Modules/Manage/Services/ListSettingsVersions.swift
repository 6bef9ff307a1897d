import Platform

/// The versions of a module's settings, the newest first.
struct ListSettingsVersions: AdminOperation {
  static let permission = Permission("manage.settings.get", .moderators)

  let module: String
  let page: PageRequest

  var target: AuditTarget { .settings(of: module) }

  func perform(
    in manage: Manage,
    as admin: Authorized<Self>
  ) async throws -> Page<SettingsDocument> {
    try manage.checkHasSettings(module)
    let documents = try await manage.settings.history(
      of: module,
      before: try page.cursor() ?? Int64.max,
      limit: page.size + 1,
      in: manage.database
    )
    return try Page(documents, page) { $0.version }
  }
}
