import Platform
import Testing
import WorldKit

@testable import Platform

@Suite struct AdminGateTests {
  private struct Insert: AdminOperation {
    static let permission = Permission("tally.label.insert")

    var fails = false
    var target: AuditTarget { AuditTarget("label", "a") }
    var detail: String { "why" }

    func perform(in tally: TallyModule, as admin: Authorized<Self>) async throws {
      try await tally.database.process(InsertLabel())
      if fails { throw Failure() }
    }
  }

  private func withGate(_ body: (World, TallyModule, RecordingAuditLog) async throws -> Void)
    async throws
  {
    try await withTally { world, tally async throws in
      let audit = RecordingAuditLog()
      var tally = tally
      tally.gate = AdminGate(
        permissions: PermissionTable([Insert.permission: [.moderator]]),
        audit: audit
      )
      try await body(world, tally, audit)
    }
  }

  @Test func `a role without the permission is denied, has no effect and is recorded`() async throws
  {
    try await withGate { world, tally, audit async throws in
      for role in Role.allCases where role != .moderator {
        let admin = try await world.admin(role)
        await #expect(throws: PermissionDenied(permission: Insert.permission)) {
          try await tally.process(Insert(), as: admin)
        }
      }
      #expect(try await tally.count() == 0)
      #expect(audit.entries.map(\.outcome) == [.denied, .denied, .denied])
    }
  }

  @Test func `a success is recorded with who did what, on what, from where`() async throws {
    try await withGate { world, tally, audit async throws in
      let admin = try await world.admin(.moderator)
      try await RequestContext.$current.withValue(
        RequestContext(requestID: "r", remoteAddress: "192.0.2.1")
      ) {
        try await tally.process(Insert(), as: admin)
      }
      #expect(try await tally.count() == 1)
      let entry = try #require(audit.entries.first)
      #expect(entry.operation == "tally.label.insert")
      #expect(entry.target == AuditTarget("label", "a"))
      #expect(entry.detail == "why")
      #expect(entry.admin == admin)
      #expect(entry.outcome == .succeeded)
      #expect(entry.remoteAddress == "192.0.2.1")
      #expect(entry.requestID == "r")
      #expect(audit.entries.count == 1)
    }
  }

  @Test func `a failure is rolled back and recorded`() async throws {
    try await withGate { world, tally, audit async throws in
      let admin = try await world.admin(.moderator)
      await #expect(throws: Failure.self) {
        try await tally.process(Insert(fails: true), as: admin)
      }
      #expect(try await tally.count() == 0)
      #expect(audit.entries.map(\.outcome) == [.failed])
    }
  }

  @Test func `a permission without a row is missing, and nobody's`() throws {
    let table = PermissionTable([Insert.permission: [.moderator]])
    #expect(table.missing(of: [Insert.self]) == [])
    #expect(PermissionTable([:]).missing(of: [Insert.self]) == [Insert.permission])
  }
}
