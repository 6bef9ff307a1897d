import Platform

/// The names of the modules that have settings.
struct ListSettings: AdminOperation {
  static let permission = Permission("manage.settings.list")

  var target: AuditTarget { AuditTarget("settings", "") }

  func perform(in manage: Manage, as admin: Authorized<Self>) async throws -> [String] {
    manage.settings.modules
  }
}

/// A module's settings as they are stored, or the defaults.
struct GetSettings: AdminOperation {
  static let permission = Permission("manage.settings.get")

  let module: String

  var target: AuditTarget { AuditTarget("settings", module) }

  func perform(in manage: Manage, as admin: Authorized<Self>) async throws -> SettingsDocument {
    let stored = try await manage.settings.stored(module, in: manage.database)
    return SettingsDocument(
      version: stored.version,
      document: stored.document,
      changedAt: nil,
      changedBy: nil
    )
  }
}

/// Stores a document as the next version of a module's settings.
struct UpdateSettings: AdminOperation {
  static let permission = Permission("manage.settings.update")

  let module: String
  let document: [UInt8]
  let version: Int64

  /// Templates make the largest documents, and all of them together have less.
  static let longestDocument = 1_048_576

  init(module: String, document: [UInt8], version: Int64) throws(InvalidInput) {
    var violations: [FieldViolation] = []
    violations.check(
      (1...Self.longestDocument).contains(document.count),
      "document",
      "must have 1 to \(Self.longestDocument) bytes"
    )
    violations.check(version >= 0, "version", "must not be negative")
    try violations.throwIfAny()
    self.module = module
    self.document = document
    self.version = version
  }

  var target: AuditTarget { AuditTarget("settings", module) }
  var detail: String { "after version \(version)" }

  func perform(in manage: Manage, as admin: Authorized<Self>) async throws -> Int64 {
    try await manage.transaction { manage, transaction in
      try await manage.settings.change(
        module,
        to: document,
        after: version,
        by: admin.admin.id,
        at: manage.clock.now,
        in: transaction
      )
    }
  }
}

/// The versions of a module's settings, the newest first.
struct ListSettingsVersions: AdminOperation {
  static let permission = Permission("manage.settings.get")

  let module: String
  let page: PageRequest

  var target: AuditTarget { AuditTarget("settings", module) }

  func perform(in manage: Manage, as admin: Authorized<Self>) async throws -> Page<SettingsDocument>
  {
    let documents = try await manage.settings.history(
      of: module,
      before: try page.cursor() ?? Int64.max,
      limit: page.size + 1,
      in: manage.database
    )
    return try Page(documents, page) { $0.version }
  }
}
