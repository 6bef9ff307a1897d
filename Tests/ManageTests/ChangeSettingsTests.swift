import FieldViolations
import Platform
import Testing
import WorldKit

@testable import Manage

@Suite struct ChangeSettingsTests {
  @Test func `a change is the next version, with who made it, and is audited`() async throws {
    try await withManage { m async throws in
      let admin = try await m.logIn()
      let before = try await m.manage.process(GetSettings(module: "sample"), as: admin)
      #expect(before.version == 0)
      let version = try await m.manage.process(
        UpdateSettings(module: "sample", document: Array(#"{"limit":7}"#.utf8), version: 0),
        as: admin
      )
      #expect(version == 1)
      let after = try await m.manage.process(GetSettings(module: "sample"), as: admin)
      #expect(try JSON.decode(ManageWorld.SampleSettings.self, from: after.document).limit == 7)
      let history = try await m.manage.process(
        ListSettingsVersions(module: "sample", page: PageRequest()),
        as: admin
      ).items
      #expect(history.map(\.version) == [1])
      #expect(history.map(\.changedBy) == [admin.id])
      #expect(try await m.outcomes("manage.settings.update") == ["succeeded"])
    }
  }

  @Test func `a change that isn't valid, or comes too late, changes nothing and is audited`()
    async throws
  {
    try await withManage { m async throws in
      let admin = try await m.logIn()
      let error = await #expect(throws: InvalidInput.self) {
        try await m.manage.process(
          UpdateSettings(module: "sample", document: Array(#"{"limit":0}"#.utf8), version: 0),
          as: admin
        )
      }
      #expect(error?.violations.map(\.field) == ["limit"])
      m.tick()
      _ = try await m.manage.process(
        UpdateSettings(module: "sample", document: Array(#"{"limit":1}"#.utf8), version: 0),
        as: admin
      )
      m.tick()
      await #expect(throws: SettingsStore.ChangeError.changedMeanwhile) {
        try await m.manage.process(
          UpdateSettings(module: "sample", document: Array(#"{"limit":2}"#.utf8), version: 0),
          as: admin
        )
      }
      #expect(try await m.outcomes("manage.settings.update") == ["failed", "succeeded", "failed"])
      #expect(try await m.world.number("SELECT count(*) FROM platform.settings_history") == 1)
    }
  }

  @Test func `only who holds the permission may read or change them`() async throws {
    try await withManage { m async throws in
      let moderator = try await m.logIn(.moderator)
      _ = try await m.manage.process(GetSettings(module: "sample"), as: moderator)
      await #expect(throws: PermissionDenied(permission: UpdateSettings.permission)) {
        try await m.manage.process(
          UpdateSettings(module: "sample", document: Array("{}".utf8), version: 0),
          as: moderator
        )
      }
    }
  }
}
