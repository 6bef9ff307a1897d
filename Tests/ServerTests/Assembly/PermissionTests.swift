import Foundation
import Manifest
import Platform
import Testing

@testable import Server

@Suite struct PermissionTests {
  @Test func `operations that share a permission agree on its roles, and the super admin has all`()
    throws
  {
    let table = try Modules.permissions
    #expect(table.rows.count > 50)
    for (permission, roles) in table.rows {
      #expect(roles.contains(.superAdmin), "the super admin doesn't hold \(permission)")
    }
  }

  @Test func `a permission is named by its module, noun and verb`() throws {
    let modules = Set(Modules.all.map { $0.name })
    for permission in try Modules.permissions.rows.keys {
      let parts = permission.split(separator: ".", omittingEmptySubsequences: false).map(
        String.init
      )
      #expect(parts.count == 3 && parts.allSatisfy { !$0.isEmpty }, "\(permission)")
      #expect(modules.contains(parts[0]), "\(permission)")
    }
  }

  @Test func `an operation's name is used once in its module, for it is part of keys`() {
    for module in Modules.all {
      let names = module.operations.map { $0.name }
      #expect(Set(names).count == names.count, "\(module.name)")
    }
  }

  /// `helium admin permissions --markdown > docs/permissions.md` writes it.
  @Test func `the page of permissions says what the operations declare`() throws {
    let root = #filePath.split(separator: "/").dropLast(4).reduce(into: "") { $0 += "/\($1)" }
    let page = try String(contentsOfFile: "\(root)/docs/permissions.md", encoding: .utf8)
    #expect(page == PermissionReport().markdown)
  }
}
