import FoundationEssentials
import Platform
import Testing
import WorldKit

@testable import Telecom

@Suite struct FetchLogTests {
  private func fetch(_ routes: RouterClient, agent: String = "v2rayN/7.0", from address: String)
    async throws
  {
    let context = RequestContext(requestID: "1", remoteAddress: address, userAgent: agent)
    let answer = try await RequestContext.$current.withValue(context) {
      try await routes.send(
        "/subscribe/\(try await routes.telecom.subscription().linkToken.text)",
        headers: ["User-Agent": agent]
      )
    }
    #expect(answer.status == 200)
  }

  private func list(
    _ routes: RouterClient,
    window: Int64 = 0,
    size: Int = 0,
    token: String = ""
  ) async throws -> ListSubscriptionFetches.Answer {
    let list = try ListSubscriptionFetches(
      subscription: try await routes.telecom.subscription().id,
      windowSeconds: window,
      page: PageRequest(size: size, token: token)
    )
    return try await routes.telecom.telecom.process(list, as: routes.telecom.admin)
  }

  @Test func `operators see who fetched a link, the newest first`() async throws {
    try await withRoutes { routes in
      try await routes.telecom.queue()
      try await fetch(routes, agent: "v2rayN/7.0", from: "192.0.2.1")
      try await routes.fetches.flush()
      routes.telecom.world.clock.advance(by: .seconds(60))
      try await fetch(
        routes,
        agent: "mihomo/1.19" + String(repeating: "x", count: 500),
        from: "2001:db8::1"
      )
      try await routes.fetches.flush()
      let rows = try await list(routes).page.items
      #expect(rows.map(\.address) == ["2001:db8::1", "192.0.2.1"])
      #expect(rows.map(\.format) == ["mihomo", "v2ray"])
      #expect(rows[0].userAgent == "mihomo/1.19" + String(repeating: "x", count: 189))
      #expect(
        SubscriptionFetch(address: "", userAgent: "a\u{7}b\nc", format: "").userAgent == "abc"
      )
      #expect(rows.map(\.fetchedAt) == [routes.telecom.now, routes.telecom.now - .seconds(60)])
      let first = try await list(routes, size: 1)
      #expect(first.page.items.map(\.address) == ["2001:db8::1"])
      #expect(
        try await list(routes, size: 1, token: first.page.nextToken).page.items.map(\.address) == [
          "192.0.2.1"
        ]
      )
      let subscription = try await routes.telecom.subscription().id
      #expect(
        routes.telecom.audit.entries.last?.target
          == AuditTarget("subscription", subscription.description)
      )
    }
  }

  @Test func `distinct addresses are counted within the window`() async throws {
    try await withRoutes { routes in
      try await routes.telecom.queue()
      try await fetch(routes, from: "192.0.2.1")
      try await routes.fetches.flush()
      routes.telecom.world.clock.advance(by: .seconds(7_200))
      for address in ["192.0.2.2", "192.0.2.3", ""] { try await fetch(routes, from: address) }
      try await fetch(routes, agent: "mihomo/1.19", from: "192.0.2.3")
      try await routes.fetches.flush()
      #expect(try await list(routes).distinctAddresses == 3)
      #expect(try await list(routes, window: 3_600).distinctAddresses == 2)
      #expect(throws: InvalidInput.self) {
        try ListSubscriptionFetches(subscription: .first, windowSeconds: -1, page: PageRequest())
      }
    }
  }

  @Test func `what a client fetches again at once counts once`() async throws {
    try await withRoutes { routes in
      try await routes.telecom.queue()
      for _ in 0..<3 { try await fetch(routes, from: "192.0.2.1") }
      try await routes.fetches.flush()
      #expect(try await list(routes).page.items.count == 1)
    }
  }

  @Test func `the log keeps the newest fetches of each subscription`() async throws {
    try await withRoutes { routes in
      try await routes.telecom.queue()
      let subscription = try await routes.telecom.subscription().id
      let other = try await routes.telecom.queue(account: routes.telecom.world.ids.next())
        .subscription
      for round in 0..<3 {
        for number in 0..<SubscriptionFetch.maxKept / 2 {
          let fetch = SubscriptionFetch(
            address: "192.0.2.\(round * 25 + number)",
            userAgent: "v2rayN",
            format: "v2ray"
          )
          routes.fetches.note(
            fetch,
            of: subscription,
            at: routes.telecom.now + .seconds(round * 100 + number)
          )
        }
        routes.fetches.note(
          SubscriptionFetch(address: "198.51.100.1", userAgent: "", format: "v2ray"),
          of: other,
          at: routes.telecom.now
        )
        try await routes.fetches.flush()
      }
      let kept = try await list(routes, size: 200).page.items
      #expect(kept.map(\.address) == (25..<75).reversed().map { "192.0.2.\($0)" })
      let others = try await routes.telecom.world.number(
        "SELECT count(*) FROM telecom.subscription_fetches WHERE subscription_id = '\(other)'"
      )
      #expect(others == 3)
    }
  }
}
