import Logging
import Platform
import Testing
import WorldKit

@testable import Telecom

@Suite struct FetchDaysTests {
  private func note(_ routes: RouterClient, _ addresses: [String]) async throws {
    let subscription = try await routes.telecom.subscription().id
    for address in addresses {
      routes.fetches.note(
        SubscriptionFetch(address: address, userAgent: "v2rayN", format: "v2ray"),
        of: subscription,
        at: routes.telecom.now
      )
    }
    try await routes.fetches.flush()
  }

  private func list(_ routes: RouterClient, size: Int = 0, token: String = "") async throws
    -> ListSubscriptionFetchDays.Answer
  {
    let list = ListSubscriptionFetchDays(
      subscription: try await routes.telecom.subscription().id,
      page: try PageRequest(size: size, token: token)
    )
    return try await routes.telecom.telecom.process(list, as: routes.telecom.admin)
  }

  @Test func `every fetch counts for its day, in the operator's time zone, and every address once`()
    async throws
  {
    var settings = TelecomSettings()
    settings.timeZone = "Asia/Shanghai"
    try await withRoutes(settings: settings) { routes in
      try await routes.telecom.queue()
      routes.telecom.travel(to: .iso("2027-03-01T15:59:00Z"))
      try await note(routes, ["192.0.2.1", "192.0.2.1", "192.0.2.2", ""])
      try await note(routes, ["192.0.2.2", "192.0.2.3"])
      routes.telecom.travel(to: .iso("2027-03-01T16:00:00Z"))
      try await note(routes, ["192.0.2.3", "2001:db8::1"])
      let answer = try await list(routes)
      #expect(answer.page.items.map(\.day) == ["2027-03-02", "2027-03-01"])
      #expect(answer.page.items.map(\.fetches) == [2, 6])
      #expect(
        answer.page.items.map { Set($0.addresses) } == [
          ["192.0.2.3", "2001:db8::1"], ["192.0.2.1", "192.0.2.2", "192.0.2.3"],
        ]
      )
      #expect(answer.page.items.allSatisfy { Set($0.addresses).count == $0.addresses.count })
      #expect(answer.distinctAddresses == 4)
      let first = try await list(routes, size: 1)
      #expect(
        try await list(routes, size: 1, token: first.page.nextToken).page.items.map(\.day) == [
          "2027-03-01"
        ]
      )
    }
  }

  @Test func `far more addresses than the log keeps are counted, up to a bound`() async throws {
    try await withRoutes { routes in
      try await routes.telecom.queue()
      for round in 0..<8 { try await note(routes, (0..<40).map { "192.0.\(round).\($0)" }) }
      let answer = try await list(routes)
      #expect(answer.page.items.map(\.fetches) == [320])
      let kept = try #require(answer.page.items.first).addresses.count
      #expect((256..<256 + SubscriptionFetch.maxKept).contains(kept))
      // Of one flush, a bounded number; the rest is counted without.
      try await note(routes, (0..<500).map { "198.51.100.\($0)" })
      #expect(try await list(routes).page.items.map(\.fetches) == [820])
    }
  }

  @Test func `days go after as many as the settings say`() async throws {
    var settings = TelecomSettings()
    settings.fetchDaysKept = 2
    try await withRoutes(settings: settings) { routes in
      try await routes.telecom.queue()
      for _ in 0..<4 {
        try await note(routes, ["192.0.2.1"])
        routes.telecom.world.clock.advance(by: .seconds(TelecomWorld.day))
      }
      try await ForgetOldRecords().run(in: routes.telecom.telecom)
      #expect(try await list(routes).page.items.count == 2)
    }
  }

  @Test func `recorders that flush at once count every fetch`() async throws {
    try await withRoutes { routes in
      try await routes.telecom.queue()
      let subscription = try await routes.telecom.subscription().id
      let now = routes.telecom.now
      let errors = await race(10) { index in
        let telecom = routes.telecom.telecom
        let recorder = FetchRecorder(
          database: telecom.database,
          settings: telecom.settings,
          logger: telecom.logger
        )
        for number in 0..<5 {
          recorder.note(
            SubscriptionFetch(
              address: "192.0.2.\((index + number) % 12)",
              userAgent: "",
              format: "v2ray"
            ),
            of: subscription,
            at: now
          )
        }
        try await recorder.flush()
      }.failed
      #expect(errors.isEmpty)
      let day = try #require(try await list(routes).page.items.first)
      #expect(day.fetches == 50 && day.addresses.count == 12)
    }
  }
}
