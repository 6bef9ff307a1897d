import AgentProtocols
import Testing

/// Rows that are wrong for themselves: agents would send a refused report again forever.
@Suite struct ReportTests {
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
      let report = try TrafficRows(uniProxy: Array(body.utf8))
      #expect(report.entries == [TrafficRows.Entry(user: 1_002, upload: 7, download: 8)])
      #expect(report.oddRows.map(\.text) == [row])
      #expect(report.oddRows.map(\.flaw) == [.malformed])
    }
  }

  @Test func `of a user that is named twice the first row counts`() throws {
    let report = try TrafficRows(
      uniProxy: Array(#"{"1001":[0,0],"1001":[1,2],"1001":[3,4],"1":[5,5],"1":[5,5]}"#.utf8)
    )
    #expect(report.entries == [TrafficRows.Entry(user: 1_001, upload: 1, download: 2)])
    #expect(
      report.oddRows == [
        TrafficRows.OddRow(
          user: 1_001,
          upload: 3,
          download: 4,
          flaw: .duplicate,
          text: #""1001":[3,4]"#
        )
      ]
    )
  }

  @Test func `a long row is kept in part`() throws {
    let report = try TrafficRows(
      uniProxy: Array("{\"1001\":\"\(String(repeating: "a", count: 10_000))\"}".utf8)
    )
    #expect(report.oddRows.map(\.text.utf8.count) == [TrafficRows.OddRow.longestText])
  }

  @Test func `any truncation of a report is refused, whatever its rows`() throws {
    let body = Array(#" {"1001":[1,2],"x":{"a":[1,-2.5e+7,"\"",null,true]},"1002":[3,4]} "#.utf8)
    let whole = body.lastIndex(of: UInt8(ascii: "}")) ?? 0
    for length in 0...whole {
      #expect(throws: MalformedReport.self) { try TrafficRows(uniProxy: Array(body[..<length])) }
    }
    #expect(try TrafficRows(uniProxy: body).entries.count == 2)
  }

  @Test(arguments: [
    "", "[]", "7", "{", "{\"1001\":[1,2]", "{\"1001\":[1,2]}x", "{1001:[1,2]}", "{\"1001\":[1,2],}",
    "{\"1001\":[01,2]}",
    "{\"1001\":[1 2]}",
    "{\"1001\":[1,2}", "{\"1001\"}", "{\"10\n01\":[1,2]}", "{\"1001\":nul}", "{\"1001\":1.}",
    "{\"1001\":-}",
    "{\"1001\":\(String(repeating: "[", count: 40))\(String(repeating: "]", count: 40))}",
  ])
  func `a body that is no report at all is refused`(body: String) {
    #expect(throws: MalformedReport.self) { try TrafficRows(uniProxy: Array(body.utf8)) }
  }

  @Test func `a list of devices that is none doesn't take the others along`() throws {
    let report = try DeviceReport(
      uniProxy: Array(
        #"{"1001":["203.0.113.1"],"99999999999":["203.0.113.2"],"x":[],"1002":null}"#.utf8
      )
    )
    #expect(report.devices.keys.sorted() == [1_001])
  }

  @Test func `a report of hits is bounded`() throws {
    let rows = (0..<RuleHits.maxHits + 5).map { #"{"list_id":1,"user_id":\#(1_001 + $0)}"# }
      .joined(separator: ",")
    #expect(
      try RuleHits(modMu: Array("{\"data\":[\(rows)]}".utf8)).counts.count == RuleHits.maxHits
    )
  }
}
