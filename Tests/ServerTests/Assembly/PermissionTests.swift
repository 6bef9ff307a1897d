import Manage
import Platform
import Testing

@testable import Server

@Suite struct PermissionTests {
  @Test
  func `every row of the permission table is an operation's, and the super admin holds them all`() {
    let permissions = Set(Modules.adminOperations.map { $0.permission })
    for (permission, roles) in PermissionTable.helium.rows {
      #expect(
        permissions.contains(permission),
        "no operation has the permission \(permission.name)"
      )
      #expect(roles.contains(.superAdmin), "the super admin doesn't hold \(permission.name)")
    }
  }

  @Test func `a permission is named by its module, noun and verb`() {
    for operation in Modules.adminOperations {
      let parts = operation.permission.name.split(separator: ".", omittingEmptySubsequences: false)
      #expect(parts.count == 3 && parts.allSatisfy { !$0.isEmpty })
      #expect(["auth", "manage", "shop", "telecom"].contains(parts[0]))
    }
  }
}
