import Platform
import Testing
import WorldKit

@testable import Telecom

@Suite struct TrafficHealthTests {
  private func health(_ routes: RouterClient, window: Int64 = 0) async throws -> TrafficHealth {
    try await routes.telecom.telecom.process(
      try GetTrafficHealth(windowSeconds: window),
      as: routes.telecom.admin
    )
  }

  @Test func `what waits is told with its age, and what was set aside by its reason`() async throws
  {
    try await withRoutes { routes in
      try await routes.telecom.queue()
      let user = try await routes.telecom.subscription().nodeUserID
      #expect(try await health(routes).lag == .zero)
      _ = try await routes.push("{\"\(user)\":[1,2],\"999999\":[1,2],\"1001x\":[1,2]}")
      routes.telecom.world.clock.advance(by: .seconds(90))
      _ = try await routes.push("{\"\(user)\":[5,7]}")
      let before = try await health(routes)
      #expect(before.waiting.reports == 2 && before.waiting.rows == 3)
      #expect(before.lag == .seconds(90))
      #expect(before.setAside.map(\.reason) == [.malformed])

      while try await routes.telecom.telecom.process(BillReports()) > 0 {}
      let after = try await health(routes)
      #expect(
        after.waiting.reports == 0 && after.waiting.rows == 0 && after.waiting.oldest == nil
          && after.lag == .zero
      )
      #expect(after.ledgerRows == 1)
      #expect(
        Dictionary(uniqueKeysWithValues: after.setAside.map { ($0.reason, $0.rows) }) == [
          .malformed: 1, .unknownUser: 1,
        ]
      )
      #expect(try await health(routes, window: 60).setAside.map(\.reason) == [.unknownUser])
      #expect(throws: InvalidInput.self) { try GetTrafficHealth(windowSeconds: -1) }
    }
  }

  @Test func `a body that comes again waits since it did, not since its first coming`() async throws
  {
    try await withRoutes { routes in
      try await routes.telecom.queue()
      let body = "{\"\(try await routes.telecom.subscription().nodeUserID)\":[1,2]}"
      _ = try await routes.push(body)
      while try await routes.telecom.telecom.process(BillReports()) > 0 {}
      routes.telecom.world.clock.advance(by: .seconds(3_600))
      _ = try await routes.push(body)
      routes.telecom.world.clock.advance(by: .seconds(5))
      #expect(try await health(routes).lag == .seconds(5))
    }
  }
}
