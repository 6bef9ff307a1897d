import FoundationEssentials
import Platform
import Testing
import WorldKit

@testable import Telecom

/// Rows that are wrong for themselves: agents send a refused report again for ever.
@Suite struct OddRowTests {
  @Test(arguments: [
    #""1001":[1]"#, #""1001":[1,2,3]"#, #""1001":[-1,2]"#, #""1001":[1.5,2]"#, #""1001":[1e3,2]"#,
    #""1001":["1",2]"#, #""x":[1,2]"#,
    #""-1":[1,2]"#, #""01001":[1,2]"#, #""1001":[9223372036854775808,0]"#, #""99999999999":[1,2]"#,
    #""":[1,2]"#, #""1001":null"#,
    #""1001":{"u":[1,{"d":"\"}"}]}"#, #""1001":true"#, #""\u0000":[1,2]"#,
  ])
  func `a row that is no user with two numbers is set aside, and the rest counts`(row: String)
    throws
  {
    for body in ["{\(row), \"1002\" : [7,8]}", "{\"1002\":[7,8],\(row)}"] {
      let report = try TrafficReport(body: Array(body.utf8))
      #expect(report.entries == [TrafficReport.Entry(user: 1_002, upload: 7, download: 8)])
      #expect(report.oddRows.map(\.text) == [row])
      #expect(report.oddRows.map(\.reason) == [.malformed])
    }
  }

  @Test func `of a user that is named twice the first row counts`() throws {
    let report = try TrafficReport(
      body: Array(#"{"1001":[0,0],"1001":[1,2],"1001":[3,4],"1":[5,5],"1":[5,5]}"#.utf8)
    )
    #expect(report.entries == [TrafficReport.Entry(user: 1_001, upload: 1, download: 2)])
    #expect(
      report.oddRows == [
        TrafficReport.OddRow(
          user: 1_001,
          upload: 3,
          download: 4,
          reason: .duplicate,
          text: #""1001":[3,4]"#
        )
      ]
    )
  }

  @Test func `a long row is kept in part`() throws {
    let report = try TrafficReport(
      body: Array("{\"1001\":\"\(String(repeating: "a", count: 10_000))\"}".utf8)
    )
    #expect(report.oddRows.map(\.text.utf8.count) == [TrafficReport.OddRow.longestText])
  }

  @Test func `any truncation of a report is refused, whatever its rows`() throws {
    let body = Array(#" {"1001":[1,2],"x":{"a":[1,-2.5e+7,"\"",null,true]},"1002":[3,4]} "#.utf8)
    let whole = body.lastIndex(of: UInt8(ascii: "}")) ?? 0
    for length in 0...whole {
      #expect(throws: InvalidInput.self) { try TrafficReport(body: Array(body[..<length])) }
    }
    #expect(try TrafficReport(body: body).entries.count == 2)
  }

  @Test
  func `what is set aside and what is billed come to what was reported, however often it is sent`()
    async throws
  {
    try await withRoutes { routes in
      try await routes.telecom.queue()
      let user = try await routes.telecom.subscription().nodeUserID
      let body =
        "{\"\(user)\":[10,20],\"\(user)\":[100,200],\"99999999999\":[5,5],\"\(user + 1)\":[-1,7]}"
      for _ in 0..<3 {
        let answer = try await routes.push(body)
        #expect(answer.status == 200 && answer.text == #"{"data":true}"#)
      }
      while try await routes.telecom.telecom.process(MergeTraffic()) > 0 {}
      let active = try #require(try await routes.telecom.subscription().active)
      #expect(active.upload == 10 && active.download == 20)
      let aside = try await routes.telecom.telecom.process(
        ListSetAsideTraffic(node: nil, page: try PageRequest()),
        as: routes.telecom.admin
      )
      #expect(Set(aside.items.map(\.reason)) == [.malformed, .duplicate])
      #expect(aside.items.count == 3)
      #expect(
        aside.items.contains {
          $0.reason == .duplicate && $0.nodeUserID == user && $0.upload == 100 && $0.download == 200
        }
      )
      #expect(
        aside.items.contains {
          $0.entry == #""99999999999":[5,5]"# && $0.nodeUserID == 0 && $0.upload == 5
        }
      )
      #expect(
        aside.items.contains {
          $0.entry == "\"\(user + 1)\":[-1,7]" && $0.nodeUserID == user + 1 && $0.download == 0
        }
      )
    }
  }

  @Test func `a report of odd rows alone is answered and kept once`() async throws {
    try await withRoutes { routes in
      for _ in 0..<2 {
        let answer = try await routes.push(#"{"x":[1,2]}"#)
        #expect(answer.status == 200)
      }
      #expect(try await routes.telecom.telecom.process(MergeTraffic()) == 1)
      #expect(
        try await routes.telecom.world.number("SELECT count(*) FROM telecom.traffic_set_aside") == 1
      )
    }
  }

  @Test func `a list of devices that is none doesn't take the others along`() throws {
    let report = try DeviceReport(
      body: Array(
        #"{"1001":["203.0.113.1"],"99999999999":["203.0.113.2"],"x":[],"1002":null}"#.utf8
      )
    )
    #expect(report.devices.keys.sorted() == [1_001])
  }
}
