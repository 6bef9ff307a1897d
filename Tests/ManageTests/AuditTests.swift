import ManageProtos
import Platform
import Postgres
import SwiftProtobuf
import Testing
import WorldKit

@testable import Manage

@Suite struct AuditTests {
  @Test func `a denied operation leaves a row that says so, and no effect`() async throws {
    try await withManage { m async throws in
      let support = try await m.logIn(.customerSupport)
      await #expect(throws: PermissionDenied(permission: InviteAdmin.permission)) {
        try await m.manage.process(InviteAdmin(role: .superAdmin), as: support)
      }
      #expect(try await m.outcomes("manage.admin.invite") == ["denied"])
      #expect(
        try await m.world.number("SELECT count(*) FROM manage.invitations WHERE used_at IS NULL")
          == 0
      )
    }
  }

  @Test func `a success and its row are one transaction`() async throws {
    try await withManage { m async throws in
      let admin = try await m.logIn()
      _ = try await m.manage.process(InviteAdmin(role: .moderator), as: admin)
      #expect(try await m.outcomes("manage.admin.invite") == ["succeeded"])
      m.tick()
      // Without its row the effect isn't there either.
      try await m.world.execute(
        "ALTER TABLE manage.audit_log ADD CHECK (outcome <> 'succeeded') NOT VALID"
      )
      await #expect(throws: PostgresError.self) {
        try await m.manage.process(InviteAdmin(role: .moderator), as: admin)
      }
      #expect(
        try await m.world.number("SELECT count(*) FROM manage.invitations WHERE used_at IS NULL")
          == 1
      )
      #expect(try await m.outcomes("manage.admin.invite") == ["succeeded", "failed"])
    }
  }

  @Test func `a failure is recorded after its effect was rolled back`() async throws {
    try await withManage { m async throws in
      let admin = try await m.logIn()
      await #expect(throws: NotFound("apiKey")) {
        try await m.manage.process(RevokeAPIKey(id: m.world.ids.next()), as: admin)
      }
      #expect(try await m.outcomes("manage.api_key.revoke") == ["failed"])
    }
  }

  @Test
  func
    `an invitation from the machine and a registration leave a row each, in the transaction of their effect`()
    async throws
  {
    try await withManage { m async throws in
      let registered = try await m.register(.moderator)
      let search = ListAuditRows(page: try PageRequest(size: 10))
      let rows = try await m.manage.process(search, as: m.world.admin()).items
      let invited = try #require(rows.first { $0.operation == "manage.admin.invite_on_machine" })
      #expect(invited.admin == .machine)
      #expect(invited.target == AuditTarget("role", "Moderator"))
      let joined = try #require(rows.first { $0.operation == "manage.admin.register" })
      #expect(joined.admin == registered.id)
      #expect(joined.role == .moderator)
      #expect(joined.target == AuditTarget("admin", registered.id.description))
      let (admins, open) = (
        "SELECT count(*) FROM manage.admins",
        "SELECT count(*) FROM manage.invitations WHERE used_at IS NULL"
      )
      let invitation = try await m.manage.process(IssueInvitation(role: .moderator))
      try await m.world.execute("ALTER TABLE manage.audit_log ADD CHECK (operation = '') NOT VALID")
      await #expect(throws: PostgresError.self) {
        try await m.manage.process(IssueInvitation(role: .moderator))
      }
      await #expect(throws: PostgresError.self) {
        try await m.manage.process(RegisterAdmin(invitationToken: invitation.token, name: "Anna"))
      }
      #expect(try await m.world.number(admins) == 1)
      #expect(try await m.world.number(open) == 1)
    }
  }

  @Test func `an invitation by an operator has one row`() async throws {
    try await withManage { m async throws in
      _ = try await m.manage.process(InviteAdmin(role: .moderator), as: m.world.admin())
      #expect(try await m.world.number("SELECT count(*) FROM manage.audit_log") == 1)
    }
  }

  @Test(arguments: [
    "UPDATE manage.audit_log SET detail = 'x'", "DELETE FROM manage.audit_log",
    "TRUNCATE manage.audit_log",
  ])
  func `rows can't be changed`(statement: String) async throws {
    try await withManage { m async throws in
      let admin = try await m.logIn()
      _ = try await m.manage.process(ListPermissions(), as: admin)
      let error = await #expect(throws: PostgresError.self) { try await m.world.execute(statement) }
      #expect(error?.sqlState == "42501")
      #expect(try await m.outcomes("manage.permission.list") == ["succeeded"])
    }
  }

  @Test func `rows are found by each of their columns, newest first, page by page`() async throws {
    try await withManage { m async throws in
      let admin = try await m.logIn()
      let other = try await m.logIn()
      try await RequestContext.$current.withValue(
        RequestContext(requestID: "r-1", remoteAddress: "192.0.2.1")
      ) {
        _ = try await m.manage.process(InviteAdmin(role: .moderator), as: admin)
      }
      m.world.clock.advance(by: .seconds(60))
      _ = try await m.manage.process(InviteAdmin(role: .superAdmin), as: other)
      func search(_ change: (inout ListAuditRows) -> Void) async throws -> [AuditRow] {
        var search = ListAuditRows(
          operation: "manage.admin.invite",
          page: try PageRequest(size: 10)
        )
        change(&search)
        return try await m.manage.process(search, as: admin).items
      }
      let all = try await search { _ in }
      #expect(all.map(\.admin) == [other.id, admin.id])
      #expect(all[1].remoteAddress == "192.0.2.1")
      #expect(all[1].requestID == "r-1")
      #expect(all[1].role == .superAdmin)
      #expect(all[1].target == AuditTarget("role", "Moderator"))
      #expect(all[1].at == World.noon)
      #expect(try await search { $0.by = admin.id }.map(\.id) == [all[1].id])
      #expect(try await search { $0.targetID = "SuperAdmin" }.map(\.id) == [all[0].id])
      #expect(try await search { $0.targetKind = "admin" }.isEmpty)
      #expect(try await search { $0.from = World.noon + .seconds(60) }.map(\.id) == [all[0].id])
      #expect(try await search { $0.until = World.noon + .seconds(60) }.map(\.id) == [all[1].id])
      let request = ListAuditRows(operation: "manage.admin.invite", page: try PageRequest(size: 1))
      let first = try await m.manage.process(request, as: admin)
      #expect(first.items.map(\.id) == [all[0].id])
      var next = request
      next.page = try PageRequest(size: 1, token: first.nextToken)
      #expect(try await m.manage.process(next, as: admin).items.map(\.id) == [all[1].id])
    }
  }

  @Test(arguments: AuditOutcome.allCases)
  func `the log keeps and shows every outcome`(outcome: AuditOutcome) async throws {
    try await withManage { m async throws in
      let admin = try await m.world.admin()
      let entry = AuditEntry(ListAdmins(page: try PageRequest()), by: admin, outcome: outcome)
      try await m.manage.gate.audit.record(entry, in: m.world.database)
      let shown = try await m.asOperator(admin) {
        try await m.answer(ListAuditRows.self, .with { $0.operation = "manage.admin.list" })
      }
      #expect(shown.entries.map(\.outcome) == [Self.shown(outcome)])
    }
  }

  private static func shown(_ outcome: AuditOutcome) -> Helium_Manage_V1_AuditEntry.Outcome {
    switch outcome {
    case .succeeded: .succeeded
    case .denied: .denied
    case .failed: .failed
    case .begun: .begun
    }
  }
}
