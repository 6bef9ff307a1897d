import ManageProtos
import Platform
import SwiftProtobuf
import Testing
import WorldKit

@testable import Manage

@Suite struct SettingsRPCTests {
  @Test
  func
    `only who holds the permission learns which modules have settings, and each look is audited`()
    async throws
  {
    try await withManage { m async throws in
      let answer = try await m.asOperator(m.world.admin(.moderator)) {
        try await m.answer(ListSettings.self, .init())
      }
      #expect(answer.modules == ["sample"])
      m.tick()
      let support = try await m.world.admin(.customerSupport)
      await #expect(throws: PermissionDenied(permission: ListSettings.permission)) {
        try await m.asOperator(support) {
          try await m.answer(ListSettings.self, .init())
        }
      }
      #expect(try await m.outcomes("manage.settings.list") == ["succeeded", "denied"])
    }
  }

  @Test(arguments: [("unknown", "unknown"), ("", ""), ("null\0", ""), ("two\nlines", "")])
  func `the audit log names the module of a refused call, if it can be a name`(
    module: String,
    target: String
  ) async throws {
    try await withManage { m async throws in
      let admin = try await m.world.admin()
      await #expect(throws: InvalidInput.self) {
        try await m.asOperator(admin) {
          try await m.answer(GetSettings.self, .with { $0.module = module })
        }
      }
      let rows = try await m.manage.process(
        ListAuditRows(operation: "manage.settings.get", page: try PageRequest(size: 10)),
        as: admin
      ).items
      #expect(rows.map(\.target) == [AuditTarget("settings", target)])
      #expect(rows.map(\.outcome) == [.failed])
    }
  }
}
