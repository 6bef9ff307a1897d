import AgentProtocols
import FoundationEssentials
import LocalServers
import Postgres
import SubscriptionFormats

/// Accounts with an active package each, and the nodes they may use: what W1 to W3 are measured on.
///
/// Ten thousand of the accounts may use eight nodes, ten thousand others 48, and the rest one.
struct Population: Sendable {
  /// Accounts that share a list of nodes, and so a node's list of users.
  static let groupSize = 10_000
  /// The sizes of the lists of nodes that are measured.
  static let nodeCounts = [8, 48]

  let accounts: Int
  /// The users of the nodes of the third list.
  var sizeOfRest: Int { accounts - Self.nodeCounts.count * Self.groupSize }
  private let database: Database

  /// Fills the empty tables.
  static func make(accounts: Int, in installation: Installation) async throws -> Population {
    let population = Population(accounts: accounts, database: installation.database)
    try await population.addNodes()
    try await population.addSubscriptions()
    try await installation.servers.runSQL(["VACUUM (ANALYZE)"])
    return population
  }

  /// What the agent of a node authenticates with.
  static func nodeToken(_ node: Int) -> String { "benchmark-node-\(node)" }

  /// The nodes whose users are those of the list of eight, or of 48.
  static func nodes(ofList list: Int) -> [Int] {
    let first = list * protocols.count + 1
    return Array(first..<first + protocols.count)
  }

  /// The only node of the list of one.
  static var nodeWithRest: Int { nodes(ofList: nodeCounts.count)[1 % protocols.count] }

  /// Links of accounts that may use so many nodes, as they stand in URLs.
  func links(nodes: Int, count: Int) async throws -> [String] {
    let rows = try await database.execute(
      """
      SELECT rtrim(translate(replace(encode(s.link_token, 'base64'), E'\\n', ''), '+/', '-_'), '=')
      FROM telecom.subscriptions s
      JOIN telecom.package_queue q ON q.subscription_id = s.id AND q.status = 'active'
      JOIN telecom.packages p ON p.id = q.package_id
      WHERE p.name = '\(nodes) nodes' ORDER BY s.node_user_id LIMIT \(count)
      """
    )
    return try rows.map { try $0.decode(0) }
  }

  /// The users of a list of nodes, by the number that agents know them by.
  func users(nodes: Int) async throws -> [Int32] {
    let rows = try await database.execute(
      """
      SELECT s.node_user_id FROM telecom.subscriptions s
      JOIN telecom.package_queue q ON q.subscription_id = s.id AND q.status = 'active'
      JOIN telecom.packages p ON p.id = q.package_id
      WHERE p.name = '\(nodes) nodes' ORDER BY s.node_user_id
      """
    )
    return try rows.map { try $0.decode(0) }
  }
}

extension Population {
  /// What is sold in turn.
  private static var protocols: [NodeServerSettings] {
    let reality = ServerReality(
      serverName: "www.example.com",
      privateKey: "aJ0mUXMyBZVoLa6ThQDUkAoNMOLHbp2DpQlxZDpEe20",
      publicKey: "1zwxn8VQ0CPRO7ixB3C2ABoAsWsHmHSzXU-bQVIWnHQ",
      shortID: "0123456789abcdef"
    )
    let tls = ServerTLS(serverName: "node.example.com")
    return [
      .shadowsocks(
        ShadowsocksServer(
          listener: Listener(port: 8_388),
          serverKey: "+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/s="
        )
      ),
      .vless(
        VLESSServer(listener: Listener(port: 443), flow: .vision, security: .reality(reality))
      ),
      .trojan(TrojanServer(listener: Listener(port: 443), security: .tls(tls))),
      .hysteria2(Hysteria2Server(listener: Listener(port: 443), tls: tls)),
    ]
  }

  /// Each list has servers of its own, so that a server has the users of one list.
  private func addNodes() async throws {
    for (list, count) in (Self.nodeCounts + [1]).enumerated() {
      try await database.execute(
        """
        INSERT INTO telecom.node_groups (id, name, created_at) VALUES (gen_random_uuid(), '\(count) nodes', now())
        """
      )
      for (index, settings) in Self.protocols.enumerated() {
        let node = list * Self.protocols.count + index + 1
        try await database.execute(
          """
          INSERT INTO telecom.node_servers
            (name, protocol, settings, factor_thousandths, push_interval, pull_interval, token_hash, created_at)
          VALUES ('node \(node)', '\(settings.protocolName.rawValue)', '\(String(decoding: settings.json(), as: UTF8.self))', 1000, 60, 60,
            sha256('\(Self.nodeToken(node))'::bytea), now())
          """
        )
      }
      try await database.execute(
        """
        WITH clients AS (
          INSERT INTO telecom.node_clients (id, server_id, name, host, port, sort_order, created_at)
          SELECT gen_random_uuid(), \(list * Self.protocols.count + 1) + n % \(Self.protocols.count), '🇭🇰 Hong Kong ' || n,
            'hk' || n || '.example.com', 443, n, now()
          FROM generate_series(1, \(count)) AS n
          RETURNING id)
        INSERT INTO telecom.node_client_groups (client_id, group_id)
        SELECT clients.id, node_groups.id FROM clients, telecom.node_groups WHERE node_groups.name = '\(count) nodes'
        """
      )
      try await database.execute(
        """
        INSERT INTO telecom.packages
          (id, series, version, is_master, name, quota_bytes, duration_seconds, reset_rule, device_limit, speed_limit, group_id, created_at)
        SELECT gen_random_uuid(), gen_random_uuid(), 1, true, name, 1::bigint << 50, 2592000, 'none', 3, 100, id, now()
        FROM telecom.node_groups WHERE name = '\(count) nodes'
        """
      )
    }
  }

  private func addSubscriptions() async throws {
    try await database.execute(
      """
      INSERT INTO telecom.subscriptions (id, account_id, is_first, credential, link_token, created_at)
      SELECT gen_random_uuid(), gen_random_uuid(), true, gen_random_uuid(), sha256(gen_random_uuid()::text::bytea), now()
      FROM generate_series(1, \(accounts))
      """
    )
    let names = Self.nodeCounts.enumerated().map {
      "WHEN place <= \(($0.offset + 1) * Self.groupSize) THEN '\($0.element) nodes'"
    }
    try await database.execute(
      """
      INSERT INTO telecom.package_queue
        (id, subscription_id, package_id, order_line, status, created_at, activated_at, expires_at)
      SELECT gen_random_uuid(), s.id, p.id, 1, 'active', now(), now(), now() + interval '30 days'
      FROM (SELECT id, row_number() OVER (ORDER BY node_user_id) AS place FROM telecom.subscriptions) AS s
      JOIN telecom.packages p ON p.name = CASE \(names.joined(separator: " ")) ELSE '1 nodes' END
      """
    )
  }
}
