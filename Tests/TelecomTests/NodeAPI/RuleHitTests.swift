import AgentProtocols
import Contracts
import HTTPTypes
import Platform
import Testing
import WorldKit

@testable import Telecom

@Suite struct RuleHitTests {
  private func withRules(_ body: (RouterClient, IssuedNodeServer) async throws -> Void) async throws
  {
    try await withRoutes { routes in
      try await routes.telecom.queue()
      let rules = [
        NodeRoute(id: 7, match: ["torrent"], action: .block),
        NodeRoute(id: 8, match: ["example.net"], action: .dns(server: "192.0.2.53")),
      ]
      let node = try await routes.telecom.telecom.process(
        CreateNodeServer(spec: try .shadowsocks(name: "2", routes: rules)),
        as: routes.telecom.admin
      )
      try await body(routes, node)
    }
  }

  private func report(_ routes: RouterClient, _ node: IssuedNodeServer, _ rows: String) async throws
  {
    let path = "/mod_mu/users/detectlog?key=\(node.token.text)&node_id=\(node.server.id)"
    let answer = try await routes.send(
      path,
      method: .post,
      body: Array("{\"data\":[\(rows)]}".utf8)
    )
    #expect(answer.text == #"{"ret":1,"msg":"ok"}"#)
  }

  private func list(
    _ routes: RouterClient,
    node: NodeServer.ID? = nil,
    subscription: Subscription.ID? = nil,
    size: Int = 0,
    token: String = ""
  ) async throws -> Page<RuleHits.List.Row> {
    try await routes.telecom.telecom.process(
      ListRuleHits(
        node: node,
        subscription: subscription,
        page: try PageRequest(size: size, token: token)
      ),
      as: routes.telecom.admin
    )
  }

  @Test
  func
    `hits of a node's blocking rules by known users are counted by the day, and all others are left out`()
    async throws
  {
    try await withRules { routes, node in
      let user = try await routes.telecom.subscription().nodeUserID
      try await report(
        routes,
        node,
        """
        {"list_id":7,"user_id":\(user)},{"list_id":7,"user_id":\(user)},{"list_id":8,"user_id":\(user)},{"list_id":9,"user_id":\(user)},
        {"list_id":7,"user_id":999999},{"list_id":7},{"user_id":\(user)},"x",{"list_id":7,"user_id":1}
        """
      )
      routes.telecom.world.clock.advance(by: .seconds(60))
      try await report(routes, node, #"{"user_id":\#(user),"list_id":7}"#)
      let row = try #require(try await list(routes).items.first)
      #expect(try await list(routes).items.count == 1)
      #expect(
        row.ruleID == 7 && row.nodeID == node.server.id && row.nodeUserID == user && row.hits == 3
      )
      #expect(row.accountID == routes.telecom.account)
      #expect(
        row.lastHitAt == routes.telecom.now && row.firstHitAt == routes.telecom.now - .seconds(60)
      )
      #expect(try await list(routes, node: node.server.id + 1).items.isEmpty)
    }
  }

  @Test func `hits are listed of one subscription where one is asked for`() async throws {
    try await withRules { routes, node in
      let telecom = routes.telecom
      let other = telecom.world.ids.next() as Account.ID
      try await telecom.queue(account: other)
      let own = try await telecom.subscription()
      let others = try await telecom.telecom.process(
        ListSubscriptions(account: other, page: try PageRequest())
      )
      let another = try #require(others.items.first)
      try await report(
        routes,
        node,
        #"{"list_id":7,"user_id":\#(own.nodeUserID)},{"list_id":7,"user_id":\#(another.nodeUserID)}"#
      )
      #expect(try await list(routes).items.count == 2)
      #expect(
        try await list(routes, subscription: own.id).items.map(\.accountID) == [telecom.account]
      )
      #expect(
        try await list(routes, subscription: another.id).items.map(\.subscriptionID) == [another.id]
      )
      #expect(
        try await list(routes, node: node.server.id + 1, subscription: another.id).items.isEmpty
      )
      #expect(try await list(routes, subscription: .last).items.isEmpty)
    }
  }

  @Test func `days come newest first, page by page, and go after ninety`() async throws {
    try await withRules { routes, node in
      let user = try await routes.telecom.subscription().nodeUserID
      for _ in 0..<3 {
        try await report(routes, node, #"{"list_id":7,"user_id":\#(user)}"#)
        routes.telecom.world.clock.advance(by: .seconds(TelecomWorld.day))
      }
      let first = try await list(routes, size: 2)
      let second = try await list(routes, size: 2, token: first.nextToken)
      let times = (first.items + second.items).map(\.firstHitAt)
      #expect(times == [1, 2, 3].map { routes.telecom.now - .seconds($0 * TelecomWorld.day) })
      routes.telecom.world.clock.advance(by: .seconds(88 * TelecomWorld.day))
      try await ForgetOldRecords().run(in: routes.telecom.telecom)
      #expect(try await list(routes).items.count == 2)
    }
  }
}
