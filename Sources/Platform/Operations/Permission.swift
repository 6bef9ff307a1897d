import Postgres

/// An operator's role, which decides what the operator may do.
package enum Role: String, Sendable, Hashable, Codable, CaseIterable, PostgresCodable {
  case superAdmin = "SuperAdmin"
  case moderator = "Moderator"
  case customerSupport = "CustomerSupport"
  case supportBot = "SupportBot"
}

extension Set<Role> {
  /// What only the highest role may do.
  package static let superAdmins: Set<Role> = [.superAdmin]
  /// What changes the business.
  package static let moderators: Set<Role> = [.superAdmin, .moderator]
  /// What people need who help customers.
  package static let support: Set<Role> = [.superAdmin, .moderator, .customerSupport]
  /// What every operator may do, programs too.
  package static let everyone = Set(Role.allCases)
}

/// The right to run one admin operation, with the roles that hold it.
package struct Permission: Sendable, Hashable {
  /// `<module>.<noun>.<verb>`.
  package let name: String
  package let roles: Set<Role>

  package init(_ name: String, _ roles: Set<Role>) {
    self.name = name
    self.roles = roles
  }
}

/// Which roles hold which permissions: what the operations of all modules declare.
package struct PermissionTable: Sendable {
  /// By the permission's name.
  package let rows: [String: Set<Role>]

  /// The permissions of `operations`. Throws `Disagreement` where two of them name one permission
  /// and give it different roles.
  package init(of operations: [any CalledOperation.Type]) throws(Disagreement) {
    var rows: [String: Set<Role>] = [:]
    for operation in operations {
      guard case .operators(let permission) = operation.access else { continue }
      guard rows[permission.name, default: permission.roles] == permission.roles else {
        throw Disagreement(permission: permission.name)
      }
      rows[permission.name] = permission.roles
    }
    self.rows = rows
  }

  /// A table that says something else than the operations do, for tests.
  package init(_ rows: [String: Set<Role>]) {
    self.rows = rows
  }

  package func check(_ permission: Permission, for admin: Admin) throws(PermissionDenied) {
    guard rows[permission.name]?.contains(admin.role) == true else {
      throw PermissionDenied(permission: permission)
    }
  }

  /// Two operations share a permission and disagree on its roles.
  package struct Disagreement: Error, CustomStringConvertible {
    package let permission: String

    package var description: String {
      "two operations give the permission \(permission) to different roles"
    }
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
  package var message: String { "the role doesn't have the permission \(permission.name)" }
}
