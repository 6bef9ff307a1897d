import Foundation
import HTTPTypes
import Platform
import Redis
import Testing
import WorldKit

@testable import Telecom

/// Xboard-Node: one call for everything, with the credentials in the body.
@Suite struct XboardNodeTests {
  @Test func `handshake tells the intervals, and that there is no WebSocket`() async throws {
    try await withRoutes { routes in
      for id in ["\(routes.telecom.server.server.id)", "\"\(routes.telecom.server.server.id)\""] {
        let answer = try await routes.xboard("handshake", "", id: id)
        #expect(answer.status == 200)
        #expect(
          answer.text
            == #"{"websocket":{"enabled":false},"settings":{"push_interval":60,"pull_interval":60}}"#
        )
      }
      let token = routes.telecom.server.token.text
      let query = try await routes.send(
        "/api/v2/server/handshake?token=\(token)&node_id=\(routes.telecom.server.server.id)"
      )
      #expect(query.status == 200)
    }
  }

  @Test func `a report's parts all count`() async throws {
    try await withRoutes { routes in
      try await routes.telecom.queue()
      let user = try await routes.telecom.subscription().nodeUserID
      let answer = try await routes.xboard(
        "report",
        """
        "traffic":{"\(user)":[10,20],"x":[1]},"alive":{"\(user)":["203.0.113.1"]},"online":{"\(user)":2},
        "status":{"cpu":1,"mem":{"total":1,"used":1},"swap":{"total":1,"used":1},"disk":{"total":1,"used":1},"kernel_status":true},
        "metrics":{"uptime":1}
        """
      )
      #expect(answer.status == 200)
      #expect(answer.text == #"{"data":true}"#)
      while try await routes.telecom.telecom.process(BillReports()) > 0 {}
      let active = try #require(try await routes.telecom.subscription().active)
      #expect(active.upload == 10 && active.download == 20)
      #expect(try await routes.agent("alivelist").text == "{\"alive\":{\"\(user)\":1}}")
      #expect(
        try await routes.redis.get("telecom:node_status:\(routes.telecom.server.server.id)") != nil
      )
    }
  }

  @Test
  func
    `the same traffic is a re-send whatever stands beside it, and a cumulative one is charged by the difference`()
    async throws
  {
    try await withRoutes { routes in
      try await routes.telecom.queue()
      let user = try await routes.telecom.subscription().nodeUserID
      // Answers that are never written.
      _ = try await routes.openXboard(
        "\"traffic\":{\"\(user)\":[10,20]},\"metrics\":{\"uptime\":1}"
      )
      _ = try await routes.openXboard(
        "\"traffic\":{\"\(user)\":[10,20]},\"metrics\":{\"uptime\":2}"
      )
      _ = try await routes.xboard(
        "report",
        "\"traffic\":{\"\(user)\":[15,20]},\"metrics\":{\"uptime\":3}"
      )
      while try await routes.telecom.telecom.process(BillReports()) > 0 {}
      let active = try #require(try await routes.telecom.subscription().active)
      #expect(active.upload == 15 && active.download == 20)
    }
  }

  @Test(arguments: [
    #""alive":7"#, #""status":{"cpu":900}"#, #""alive":null,"status":null,"online":null"#,
  ])
  func `a part that is wrong doesn't hold up the traffic`(part: String) async throws {
    try await withRoutes { routes in
      let answer = try await routes.xboard("report", "\"traffic\":{\"1001\":[1,1]},\(part)")
      #expect(answer.status == 200)
      #expect(
        try await routes.telecom.world.number("SELECT count(*) FROM telecom.traffic_reports") == 1
      )
    }
  }

  @Test func `a report may lack traffic`() async throws {
    try await withRoutes { routes in
      let answer = try await routes.xboard("report", #""online":{}"#)
      #expect(answer.text == #"{"data":true}"#)
      #expect(try await routes.xboard("report", #""traffic":null"#).text == #"{"data":true}"#)
      #expect(
        try await routes.telecom.world.number("SELECT count(*) FROM telecom.traffic_reports") == 0
      )
    }
  }

  @Test(arguments: ["handshake", "report"])
  func `other credentials, or none, are refused`(action: String) async throws {
    try await withRoutes { routes in
      let id = routes.telecom.server.server.id
      for (body, status) in [
        ("", 422), ("[", 422), ("{}", 422), (#"{"token":null,"node_id":\#(id)}"#, 422),
        (#"{"token":"x","node_id":\#(id)}"#, 401),
      ] {
        let answer = try await routes.send(
          "/api/v2/server/\(action)",
          method: .post,
          body: Array(body.utf8)
        )
        #expect(answer.status == status, "\(body)")
        #expect(answer.message != nil && answer.tag == nil)
      }
    }
  }
}

extension RouterClient {
  fileprivate func xboard(_ action: String, _ members: String, id: String? = nil) async throws
    -> Answer
  {
    try await send(
      "/api/v2/server/\(action)",
      method: .post,
      body: Array(xboardBody(members, id: id).utf8)
    )
  }

  fileprivate func openXboard(_ members: String) async throws -> OpenAnswer {
    try await open(path: "/api/v2/server/report", method: .post, body: xboardBody(members, id: nil))
  }

  private func xboardBody(_ members: String, id: String?) -> String {
    let credentials =
      "\"token\":\"\(telecom.server.token.text)\",\"node_id\":\(id ?? String(telecom.server.server.id))"
    return members.isEmpty ? "{\(credentials)}" : "{\(credentials),\(members)}"
  }
}
