import Logging
import Platform
import Redis
import TestKit
import Testing
import Tokens
import WorldKit

@testable import Manage

@Suite struct AdminTests {
  @Test func `an invited operator gets in, and what it does is audited`() async throws {
    try await withManage { world, manage async throws in
      let invitation = try await manage.process(IssueInvitation(role: .superAdmin))
      let registered = try await manage.process(RegisterAdmin(invitationToken: invitation.token, name: "Ada"))
      let token = try await manage.process(LogInAdmin(apiKey: registered.apiKey))
      let admin = try await manage.verifier(token.text)
      #expect(admin.id == registered.id)
      _ = try await manage.process(InviteAdmin(role: .moderator), as: admin)
      let rows = try await manage.process(ListAuditRows(page: PageRequest()), as: admin)
      #expect(rows.items.map(\.operation) == ["manage.admin.invite"])
      #expect(rows.items.map(\.outcome) == [.succeeded])
    }
  }

  @Test func `an invitation works once, and not after its week`() async throws {
    try await withManage { world, manage async throws in
      let used = try await manage.process(IssueInvitation(role: .moderator))
      _ = try await manage.process(RegisterAdmin(invitationToken: used.token, name: "Ada"))
      await #expect(throws: InvitationError.invitationUsed) {
        try await manage.process(RegisterAdmin(invitationToken: used.token, name: "Bob"))
      }
      let late = try await manage.process(IssueInvitation(role: .moderator))
      world.clock.advance(by: Invitation.lifetime)
      await #expect(throws: InvitationError.invitationExpired) {
        try await manage.process(RegisterAdmin(invitationToken: late.token, name: "Bob"))
      }
    }
  }

  @Test func `revoking a key ends the tokens that came from it`() async throws {
    try await withManage { world, manage async throws in
      let invitation = try await manage.process(IssueInvitation(role: .superAdmin))
      let registered = try await manage.process(RegisterAdmin(invitationToken: invitation.token, name: "Ada"))
      let token = try await manage.process(LogInAdmin(apiKey: registered.apiKey))
      let admin = try await manage.verifier(token.text)
      let keys = try await manage.process(ListAPIKeys(owner: admin.id, page: PageRequest()), as: admin)
      try await manage.process(RevokeAPIKey(id: keys.items[0].id), as: admin)
      await #expect(throws: Unauthenticated("INVALID_ADMIN_TOKEN")) { try await manage.verifier(token.text) }
      await #expect(throws: Unauthenticated("INVALID_API_KEY")) { try await manage.process(LogInAdmin(apiKey: registered.apiKey)) }
    }
  }

  @Test func `a role without the permission is refused, and the refusal is audited`() async throws {
    try await withManage { world, manage async throws in
      let support = try await world.admin(.customerSupport)
      await #expect(throws: PermissionDenied.self) { try await manage.process(InviteAdmin(role: .superAdmin), as: support) }
      #expect(try await world.number("SELECT count(*) FROM manage.audit_log WHERE outcome = 'denied'") == 1)
      #expect(try await world.number("SELECT count(*) FROM manage.invitations") == 0)
    }
  }

  @Test func `audit rows can't be changed`() async throws {
    try await withManage { world, manage async throws in
      _ = try await manage.process(InviteAdmin(role: .moderator), as: world.admin())
      await #expect(throws: (any Error).self) { try await world.execute("UPDATE manage.audit_log SET outcome = 'failed'") }
      await #expect(throws: (any Error).self) { try await world.execute("DELETE FROM manage.audit_log") }
    }
  }

  @Test func `settings follow the version that was read, and name the field that is wrong`() async throws {
    try await withManage { world, manage async throws in
      let admin = try await world.admin()
      let first = try await manage.process(UpdateSettings(module: "sample", document: Array(#"{"limit":7}"#.utf8), version: 0), as: admin)
      #expect(first == 1)
      await #expect(throws: SettingsStore.ChangeError.changedMeanwhile) {
        try await manage.process(UpdateSettings(module: "sample", document: Array(#"{"limit":8}"#.utf8), version: 0), as: admin)
      }
      let error = await #expect(throws: InvalidInput.self) {
        try await manage.process(UpdateSettings(module: "sample", document: Array(#"{"limit":-1}"#.utf8), version: 1), as: admin)
      }
      #expect(error?.violations.map(\.field) == ["limit"])
      try await manage.settings.refresh()
      #expect(manage.settings.current(SampleSettings.self).limit == 7)
    }
  }

  private func withManage(_ body: (World, Manage) async throws -> Void) async throws {
    try await withTestRedis { redis in
      try await withWorld { world async throws in
        let client = RedisClient(configuration: try RedisConfiguration(url: redis.url), logger: Logger(label: "test"))
        let settings = SettingsStore(
          [SettingsKind(SampleSettings.self)], database: world.database, redis: client, logger: Logger(label: "test"))
        let clock = world.clock.clock
        let key = try MasterKey(base64: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
        let manage = Manage(
          database: world.database,
          gate: AdminGate(permissions: .helium, audit: DatabaseAuditLog(clock: clock, ids: world.ids)), clock: clock, ids: world.ids,
          tokens: await TokenSigner(masterKey: key, purpose: .admin, issuer: "test"), settings: settings)
        do {
          try await body(world, manage)
        } catch {
          await client.close()
          throw error
        }
        await client.close()
      }
    }
  }
}

private struct SampleSettings: ModuleSettings {
  static let module = "sample"
  var limit = 3

  func violations() -> [FieldViolation] {
    limit > 0 ? [] : [FieldViolation(field: "limit", description: "must be positive")]
  }
}
