import Postgres

/// What an operator is, and so may do.
package enum Role: String, Sendable, Hashable, Codable, CaseIterable, PostgresCodable {
  case superAdmin = "SuperAdmin"
  case moderator = "Moderator"
  case customerSupport = "CustomerSupport"
  case supportBot = "SupportBot"
}

/// The right to run one admin operation, by its name: `<module>.<noun>.<verb>`.
package struct Permission: Sendable, Hashable {
  package let name: String

  package init(_ name: String) {
    self.name = name
  }
}

/// Which roles hold which permissions: data in code.
package struct PermissionTable: Sendable {
  package let rows: [Permission: Set<Role>]

  package init(_ rows: [Permission: Set<Role>]) {
    self.rows = rows
  }

  package func check(_ permission: Permission, for admin: Admin) throws(PermissionDenied) {
    guard rows[permission]?.contains(admin.role) == true else {
      throw PermissionDenied(permission: permission)
    }
  }

  /// The permissions of `operations` that have no row: nobody could ever run those.
  package func missing(of operations: [any AdminOperation.Type]) -> [Permission] {
    operations.map { $0.permission }.filter { rows[$0] == nil }
  }
}

/// The admin's role doesn't hold the permission.
package struct PermissionDenied: DomainError, Hashable {
  package let permission: Permission

  package init(permission: Permission) {
    self.permission = permission
  }

  package var kind: FailureKind { .permissionDenied }
  package var reason: String { "PERMISSION_DENIED" }
  package var message: String { "the role does not hold \(permission.name)" }
}
