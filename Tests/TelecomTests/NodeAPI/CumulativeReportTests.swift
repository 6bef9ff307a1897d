import AgentProtocols
import HTTPTypes
import Platform
import Testing
import WorldKit

@testable import Telecom

/// Agents that keep what they could not report and report it with the rest.
@Suite struct CumulativeReportTests {
  @Test func `a report that has the lost one in it is charged by the difference`() async throws {
    try await withRoutes { routes in
      let user = try await Self.user(of: routes)
      // Answers that are never written.
      _ = try await routes.open("push", method: .post, body: "{\"\(user)\":[100,50]}")
      routes.telecom.world.clock.advance(by: .seconds(60))
      _ = try await routes.open(
        "push",
        method: .post,
        body: "{\"\(user)\":[150,50],\"999999\":[7,0]}"
      )
      routes.telecom.world.clock.advance(by: .seconds(60))
      _ = try await routes.push("{\"\(user)\":[150,80],\"999999\":[7,0]}")
      while try await routes.telecom.telecom.process(BillReports()) > 0 {}
      let active = try #require(try await routes.telecom.subscription().active)
      #expect(active.upload == 150 && active.download == 80)
      #expect(
        try await routes.telecom.world.number(
          "SELECT sum(upload)::bigint FROM telecom.traffic_set_aside"
        ) == 7
      )
    }
  }

  @Test func `after an answer in time all of a report counts`() async throws {
    try await withRoutes { routes in
      let user = try await Self.user(of: routes)
      _ = try await routes.push("{\"\(user)\":[100,50]}")
      routes.telecom.world.clock.advance(by: .seconds(60))
      _ = try await routes.push("{\"\(user)\":[150,80]}")
      while try await routes.telecom.telecom.process(BillReports()) > 0 {}
      let active = try #require(try await routes.telecom.subscription().active)
      #expect(active.upload == 250 && active.download == 130)
    }
  }

  @Test func `an answer that left late is as good as lost`() async throws {
    try await withRoutes { routes in
      let user = try await Self.user(of: routes)
      let late = try await routes.open("push", method: .post, body: "{\"\(user)\":[100,50]}")
      routes.telecom.world.clock.advance(by: .milliseconds(4_001))
      try await late.write()
      routes.telecom.world.clock.advance(by: .seconds(60))
      let timely = try await routes.open("push", method: .post, body: "{\"\(user)\":[100,60]}")
      routes.telecom.world.clock.advance(by: .seconds(4))
      try await timely.write()
      routes.telecom.world.clock.advance(by: .seconds(60))
      _ = try await routes.push("{\"\(user)\":[100,70]}")
      while try await routes.telecom.telecom.process(BillReports()) > 0 {}
      let active = try #require(try await routes.telecom.subscription().active)
      #expect(active.upload == 200 && active.download == 130)
    }
  }

  @Test func `who sends a report again did not have the answer to it`() async throws {
    try await withRoutes { routes in
      let user = try await Self.user(of: routes)
      _ = try await routes.push("{\"\(user)\":[100,50]}")
      routes.telecom.world.clock.advance(by: .seconds(60))
      _ = try await routes.open("push", method: .post, body: "{\"\(user)\":[100,50]}")
      routes.telecom.world.clock.advance(by: .seconds(60))
      _ = try await routes.push("{\"\(user)\":[150,80]}")
      while try await routes.telecom.telecom.process(BillReports()) > 0 {}
      let active = try #require(try await routes.telecom.subscription().active)
      #expect(active.upload == 150 && active.download == 80)
    }
  }

  @Test
  func `an answer that leaves after its report has come again says nothing of the second answer`()
    async throws
  {
    try await withRoutes { routes in
      let user = try await Self.user(of: routes)
      let first = try await routes.open("push", method: .post, body: "{\"\(user)\":[100,50]}")
      routes.telecom.world.clock.advance(by: .seconds(1))
      let second = try await routes.open("push", method: .post, body: "{\"\(user)\":[100,50]}")
      try await first.write()
      #expect(
        try await routes.telecom.world.number(
          "SELECT count(*) FROM telecom.traffic_reports WHERE answered"
        ) == 0
      )
      try await second.write()
      #expect(
        try await routes.telecom.world.number(
          "SELECT count(*) FROM telecom.traffic_reports WHERE answered"
        ) == 1
      )
    }
  }

  @Test(arguments: [
    (#"{"1001":[1,1]}"#, #"{"1002":[1,1]}"#), (#"{"1001":[5,5],"1002":[5,5]}"#, #"{"1001":[9,9]}"#),
    (#"{"1001":[5,5]}"#, #"{"1001":[9,4]}"#),
  ])
  func `a report that lacks something of the lost one is another report`(
    lost: String,
    report: String
  ) throws {
    let earlier = try TrafficReport(body: Array(lost.utf8))
    let later = try TrafficReport(body: Array(report.utf8))
    #expect(
      later.difference(to: LostReport(digest: earlier.digest, entries: earlier.entries)) == nil
    )
  }

  private static func user(of routes: RouterClient) async throws -> Int32 {
    try await routes.telecom.queue()
    return try await routes.telecom.subscription().nodeUserID
  }
}
