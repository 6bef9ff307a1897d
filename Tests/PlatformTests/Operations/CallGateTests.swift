import Platform
import Testing
import WorldKit

@testable import Platform

@Suite struct CallGateTests {
  private struct Insert: AdminOperation {
    static let permission = Permission("tally.label.insert", .moderators)

    var fails = false
    var target: AuditTarget { AuditTarget("label", "a") }
    var detail: String { "why" }

    func perform(
      in tally: InTransaction<TallyModule>,
      as admin: Authorized<Self>
    ) async throws {
      try await tally.process(InsertLabel())
      if fails { throw Failure() }
    }
  }

  private struct Guess: PublicOperation {
    static let limit: RateLimit? = RateLimit(
      "tally",
      "guess",
      burst: 2,
      period: .seconds(60),
      counts: .failures
    )

    var fails = false

    func perform(in tally: TallyModule) async throws {
      if fails { throw Failure() }
    }
  }

  private struct Ask: CustomerOperation {
    static let limit: RateLimit? = RateLimit("tally", "ask", burst: 1, period: .seconds(60))

    func perform(in tally: TallyModule) async throws -> Int64 { try await tally.count() }
  }

  private struct Push: PartnerOperation {
    func perform(in tally: TallyModule) async throws -> Int64 { try await tally.count() }
  }

  private func withGate(_ body: (World, TallyModule, RecordingAuditLog) async throws -> Void)
    async throws
  {
    try await withTally { world, tally async throws in
      let audit = RecordingAuditLog()
      var tally = tally
      tally.gate = world.gate(
        permissions: PermissionTable([Insert.permission.name: [.moderator]]),
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

  @Test func `the table of permissions is what the operations declare`() throws {
    struct Other: AdminOperation {
      static let permission = Permission("tally.label.insert", .everyone)
      var target: AuditTarget { AuditTarget("label", "") }
      func perform(in tally: TallyModule, as admin: Authorized<Self>) async throws {}
    }
    let table = try PermissionTable(of: [Insert.self, Ask.self, Guess.self, Insert.self])
    #expect(table.rows == ["tally.label.insert": [.superAdmin, .moderator]])
    #expect(throws: PermissionTable.Disagreement.self) {
      try PermissionTable(of: [Insert.self, Other.self])
    }
  }

  @Test func `failed calls of one network are counted, and a call that succeeds is given back`()
    async throws
  {
    try await withGate { world, tally, _ async throws in
      func guess(_ address: String, fails: Bool) async throws {
        try await RequestContext.$current.withValue(
          RequestContext(requestID: "r", remoteAddress: address)
        ) {
          try await tally.process(Guess(fails: fails), as: Anyone())
        }
      }
      for _ in 0..<5 { try await guess("192.0.2.1", fails: false) }
      for _ in 0..<2 {
        await #expect(throws: Failure.self) { try await guess("192.0.2.1", fails: true) }
      }
      await #expect(throws: RateLimited.self) { try await guess("192.0.2.1", fails: false) }
      try await guess("192.0.2.2", fails: false)
      world.clock.advance(by: .seconds(30))
      try await guess("192.0.2.1", fails: false)
    }
  }

  @Test func `an account's calls are counted wherever they come from`() async throws {
    try await withGate { world, tally, _ async throws in
      let account: Account.ID = world.ids.next()
      func ask(_ account: Account.ID) async throws {
        let customer = Customer(id: account, session: world.ids.next())
        _ = try await tally.process(Ask(), as: customer)
      }
      try await ask(account)
      await #expect(throws: RateLimited.self) { try await ask(account) }
      try await ask(world.ids.next())
    }
  }

  @Test func `an operation of one kind of caller is refused to every other`() async throws {
    try await withGate { world, tally, _ async throws in
      let callers: [Caller] = [
        .anonymous, .customer(Customer(id: world.ids.next(), session: world.ids.next())),
        .admin(try await world.admin()), .partner(Partner(id: world.ids.next())),
      ]
      for (index, caller) in callers.enumerated() {
        let call = RequestContext(requestID: "r", caller: caller)
        RequestContext.$current.withValue(call) {
          #expect(((try? Customer.current()) != nil) == (index == 1))
          #expect(((try? Admin.current()) != nil) == (index == 2))
          #expect(((try? Partner.current()) != nil) == (index == 3))
        }
      }
      #expect(try await tally.process(Push(), as: Partner(id: world.ids.next())) == 0)
      #expect(Push.access == .partner && Ask.access == .customer && Guess.access == .anyone)
    }
  }
}
