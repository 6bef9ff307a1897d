import GRPCCore
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
      let rpc = SettingsRPC(manage: m.manage)
      let answer = try await m.asOperator(m.world.admin(.moderator)) {
        try await rpc.listSettings(request: .init(), context: $0)
      }
      #expect(answer.modules == ["sample"])
      m.tick()
      let support = try await m.world.admin(.customerSupport)
      await #expect(throws: PermissionDenied(permission: ListSettings.permission)) {
        try await m.asOperator(support) {
          try await rpc.listSettings(request: .init(), context: $0)
        }
      }
      #expect(try await m.outcomes("manage.settings.list") == ["succeeded", "denied"])
    }
  }
}
