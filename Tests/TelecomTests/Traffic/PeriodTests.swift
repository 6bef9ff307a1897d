import Contracts
import Platform
import Testing
import WorldKit

@testable import Telecom

@Suite struct PeriodTests {
  private static let january31 = Instant.iso("2027-01-31T10:00:00Z")
  private static let february28 = Instant.iso("2027-02-28T10:00:00Z")

  private func withMonthly(_ body: (RouterClient, PackageQueueItem.ID, Int32) async throws -> Void)
    async throws
  {
    try await withRoutes { routes in
      routes.telecom.travel(to: Self.january31)
      try await routes.telecom.deliver(.monthly)
      let queued = try await routes.telecom.queue(2)
      try await body(routes, queued.items[0], try await routes.telecom.subscription().nodeUserID)
    }
  }

  private func merge(_ routes: RouterClient) async throws {
    while try await routes.telecom.telecom.process(BillReports()) > 0 {}
  }

  @Test func `what is reported as a period begins counts for it, though nobody had noticed`()
    async throws
  {
    try await withMonthly { routes, item, user in
      try await routes.telecom.use(400, of: item)
      routes.telecom.travel(to: Self.february28)
      _ = try await routes.push("{\"\(user)\":[0,30]}")
      try await merge(routes)
      let active = try #require(try await routes.telecom.subscription().active)
      #expect(active.download == 30)
      #expect(active.resetsAt == .iso("2027-03-31T10:00:00Z"))
      #expect(try await routes.telecom.world.published(PackageTrafficReset.self).count == 1)
      #expect(try await routes.telecom.telecom.process(ExpireDuePackages()) == 0)
      #expect(try await routes.telecom.subscription().active?.download == 30)
    }
  }

  @Test func `what was reported before a period does not count for it, whoever begins the period`()
    async throws
  {
    for isNoticed in [false, true] {
      try await withMonthly { routes, _, user in
        routes.telecom.travel(to: Self.february28 - .microseconds(1))
        _ = try await routes.push("{\"\(user)\":[0,200]}")
        routes.telecom.travel(to: Self.february28)
        if isNoticed { #expect(try await routes.telecom.telecom.process(ExpireDuePackages()) == 1) }
        _ = try await routes.push("{\"\(user)\":[0,7]}")
        try await merge(routes)
        #expect(try await routes.telecom.subscription().active?.download == 7)
        _ = try await routes.telecom.telecom.process(RollUpLedger())
        #expect(
          try await routes.telecom.world.number(
            "SELECT sum(raw_download)::bigint FROM telecom.usage_hours"
          ) == 207
        )
      }
    }
  }

  @Test
  func
    `a report that waits counts for when it first came, though it comes again in the next period`()
    async throws
  {
    try await withMonthly { routes, _, user in
      for moment in [Self.february28 - .seconds(20), Self.february28 + .seconds(40)] {
        routes.telecom.travel(to: moment)
        _ = try await routes.push("{\"\(user)\":[0,200]}")
      }
      try await merge(routes)
      #expect(try await routes.telecom.subscription().active?.download == 0)
      _ = try await routes.telecom.telecom.process(RollUpLedger())
      #expect(
        try await routes.telecom.world.number(
          "SELECT sum(raw_download)::bigint FROM telecom.usage_hours"
        ) == 200
      )
    }
  }

  @Test
  func
    `a package that was out of traffic is so again when its new period's traffic is used up in the same merge`()
    async throws
  {
    try await withMonthly { routes, item, user in
      try await routes.telecom.use(TelecomWorld.quota, of: item)
      try await routes.telecom.advance(try await routes.telecom.subscription().id)
      #expect(try await routes.telecom.subscription().active?.exhaustedAt == Self.january31)
      let version = try await routes.telecom.version()
      routes.telecom.travel(to: Self.february28)
      _ = try await routes.push("{\"\(user)\":[0,\(TelecomWorld.quota)]}")
      try await merge(routes)
      let active = try #require(try await routes.telecom.subscription().active)
      #expect(active.exhaustedAt == Self.february28 && active.download == TelecomWorld.quota)
      #expect(try await routes.telecom.users().isEmpty)
      #expect(try await routes.telecom.version() == version + 1)
      #expect(try await routes.telecom.world.published(PackageTrafficExhausted.self).count == 2)
    }
  }

  @Test func `periods that passed unnoticed take their traffic with them`() async throws {
    try await withMonthly { routes, _, user in
      routes.telecom.travel(to: .iso("2027-03-10T00:00:00Z"))
      _ = try await routes.push("{\"\(user)\":[0,100]}")
      routes.telecom.travel(to: .iso("2027-05-10T00:00:00Z"))
      _ = try await routes.push("{\"\(user)\":[0,11]}")
      try await merge(routes)
      let active = try #require(try await routes.telecom.subscription().active)
      #expect(active.download == 11)
      #expect(active.resetsAt == .iso("2027-05-31T10:00:00Z"))
    }
  }

  @Test func `mergers and whoever notices a period race, and its traffic counts once`() async throws
  {
    try await withMonthly { routes, _, user in
      routes.telecom.travel(to: Self.february28)
      let telecom = routes.telecom.telecom
      for number in 0..<20 { _ = try await routes.push("{\"\(user)\":[\(number),1]}") }
      let errors = await race(6) { index in
        if index.isMultiple(of: 2) {
          _ = try await telecom.process(ExpireDuePackages())
        } else {
          while try await telecom.process(BillReports()) > 0 {}
        }
      }.failed
      #expect(errors.isEmpty)
      try await merge(routes)
      let active = try #require(try await routes.telecom.subscription().active)
      #expect(active.upload == 190 && active.download == 20)
      #expect(try await routes.telecom.world.published(PackageTrafficReset.self).count == 1)
    }
  }

  @Test(arguments: ["UTC", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"])
  func `the last moment of a rule is the one before its next`(zone: String) async throws {
    try await withWorld { world in
      for rule in ["monthly", "calendar_month"] {
        let wrong = try await world.number(
          """
          SELECT count(*) FROM (
            SELECT activated, at, telecom.last_reset('\(rule)', activated, at, '\(zone)') AS last,
              telecom.next_reset('\(rule)', activated, at, '\(zone)') AS next
            FROM (
              SELECT activated, activated + make_interval(secs => (n * 7919 % 90000) * 997) AS at
              FROM generate_series(1, 400) AS n,
                LATERAL (SELECT timestamptz '2026-01-31 09:59:59Z' + make_interval(hours => n * 37) AS activated) AS a) AS moments) AS r
          WHERE (r.last IS NULL AND telecom.next_reset('\(rule)', r.activated, r.activated, '\(zone)') <= r.at)
            OR r.last > r.at
            OR (r.last IS NOT NULL AND telecom.next_reset('\(rule)', r.activated, r.last, '\(zone)') <> r.next)
            OR telecom.last_reset('\(rule)', r.activated, r.next, '\(zone)') <> r.next
          """
        )
        #expect(wrong == 0, "\(rule)")
      }
    }
  }
}
