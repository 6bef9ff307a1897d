import FoundationEssentials
import HTTPTypes
import Platform
import Redis
import Testing
import WorldKit

@testable import Telecom

@Suite struct NodeReportTests {
  @Test func `a report is kept before it is answered`() async throws {
    try await withRoutes { routes in
      let answer = try await routes.push(
        #"{ "1001": [10, 20], "1002":[0,5], "1": [7, 7], "1003": [0, 0] }"#
      )
      #expect(answer.status == 200)
      #expect(answer.text == #"{"data":true}"#)
      #expect(
        try await routes.telecom.world.number(
          "SELECT count(*) FROM telecom.traffic_reports WHERE users = '{1001,1002}'"
        ) == 1
      )
      #expect(
        try await routes.telecom.world.number(
          "SELECT sum(u)::bigint FROM telecom.traffic_reports, unnest(uploads) u"
        ) == 10
      )
      #expect(
        try await routes.telecom.world.number(
          "SELECT sum(d)::bigint FROM telecom.traffic_reports, unnest(downloads) d"
        ) == 25
      )
    }
  }

  @Test(arguments: ["{}", " {} ", "null", #"{"1":[5,5]}"#, #"{"1001":[0,0]}"#])
  func `a report of nothing is answered and not kept`(body: String) async throws {
    try await withRoutes { routes in
      let answer = try await routes.push(body)
      #expect(answer.status == 200)
      #expect(answer.text == #"{"data":true}"#)
      #expect(
        try await routes.telecom.world.number("SELECT count(*) FROM telecom.traffic_reports") == 0
      )
    }
  }

  @Test func `a refused report is answered 422, and one that is too long 413`() async throws {
    try await withRoutes { routes in
      let malformed = try await routes.push("{\"1001\":x}")
      #expect(malformed.status == 422)
      #expect(malformed.message?.contains("byte 8") == true)
      let long = try await routes.push(String(repeating: " ", count: TrafficReport.longestBody + 1))
      #expect(long.status == 413)
      #expect(long.message != nil)
      #expect(
        try await routes.telecom.world.number("SELECT count(*) FROM telecom.traffic_reports") == 0
      )
    }
  }

  @Test
  func
    `fifty parallel pushes of one report have one effect, and so has a re-send within ten minutes`()
    async throws
  {
    try await withRoutes { routes in
      let queued = try await routes.telecom.queue()
      let user = try await routes.telecom.subscription().nodeUserID
      let body = "{\"\(user)\":[100,50]}"
      let errors = await race(50) { _ in
        let answer = try await routes.push(body)
        #expect(answer.status == 200)
      }.failed
      #expect(errors.isEmpty)
      // Each coming moves the window: answers may be lost for as long as they like.
      for _ in 0..<3 {
        routes.telecom.world.clock.advance(by: .seconds(600))
        #expect(try await routes.push(body).status == 200)
      }
      #expect(
        try await routes.telecom.world.number(
          "SELECT sum(accepted)::bigint FROM telecom.traffic_reports"
        ) == 1
      )
      _ = try await routes.telecom.telecom.process(BillReports())
      #expect(try await routes.telecom.subscription().active?.upload == 100)

      // Once more, but later: an honest report that happens to be the same.
      routes.telecom.world.clock.advance(by: .seconds(600) + .microseconds(1))
      #expect(try await routes.push(body).status == 200)
      #expect(
        try await routes.telecom.world.number(
          "SELECT sum(accepted)::bigint FROM telecom.traffic_reports"
        ) == 2
      )
      #expect(try await routes.telecom.telecom.process(BillReports()) == 1)
      #expect(try await routes.telecom.telecom.process(BillReports()) == 0)
      let active = try #require(try await routes.telecom.subscription().active)
      #expect(active.item == queued.items[0])
      #expect(active.upload == 200 && active.download == 100)
    }
  }

  @Test func `devices are counted once over all nodes, and lapse`() async throws {
    try await withRoutes { routes in
      try await routes.telecom.queue()
      let user = try await routes.telecom.subscription().nodeUserID
      let second = try await routes.telecom.telecom.process(
        CreateNodeServer(spec: try .shadowsocks(name: "2")),
        as: routes.telecom.admin
      )
      #expect(try await routes.agent("alivelist").text == #"{"alive":{}}"#)
      #expect(try await routes.agent("alive", method: .post, body: "{}").text == #"{"data":true}"#)
      let one =
        #"{"\#(user)":["203.0.113.1","203.0.113.1:4433","2001:DB8::1_7","nonsense"],"9999":["203.0.113.9"],"1":["203.0.113.9"]}"#
      #expect(try await routes.agent("alive", method: .post, body: one).status == 200)
      let two = #"{"\#(user)":["::ffff:203.0.113.1","203.0.113.2","[2001:db8:0::1]:80"]}"#
      #expect(try await routes.agent("alive", of: second, method: .post, body: two).status == 200)
      #expect(try await routes.agent("alivelist").text == "{\"alive\":{\"\(user)\":3}}")
      routes.telecom.world.clock.advance(by: .seconds(119))
      #expect(try await routes.agent("alivelist").text == "{\"alive\":{\"\(user)\":3}}")
      routes.telecom.world.clock.advance(by: .seconds(1))
      #expect(try await routes.agent("alivelist").text == #"{"alive":{}}"#)
      #expect(try await routes.agent("alive", method: .post, body: "[1]").status == 422)
    }
  }

  @Test func `a node's status is kept`() async throws {
    try await withRoutes { routes in
      let body =
        #"{"cpu":12.5,"mem":{"total":8,"used":4},"swap":{"total":0,"used":0},"disk":{"total":100,"used":1},"more":1}"#
      #expect(
        try await routes.agent("status", method: .post, body: body).text
          == #"{"data":true,"code":0,"message":"success"}"#
      )
      let node = routes.telecom.server.server.id
      let kept = try await routes.telecom.telecom.conditions.latest(of: [node])
      #expect(kept[node]?.status?.status.cpu == 12.5)
      #expect(try await routes.agent("status", method: .post, body: #"{"cpu":101}"#).status == 422)
    }
  }

  @Test func `without Redis agents still get answers`() async throws {
    try await withRoutes { routes in
      await routes.redis.close()
      let answer = try await routes.agent(
        "alive",
        method: .post,
        body: #"{"1001":["203.0.113.1"]}"#
      )
      #expect(answer.status == 200)
      #expect(try await routes.agent("alivelist").text == #"{"alive":{}}"#)
    }
  }
}
