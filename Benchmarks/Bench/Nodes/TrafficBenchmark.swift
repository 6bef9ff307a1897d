import LocalServers
import Postgres

/// W3: how fast nodes' reports are taken and merged, beside PostgreSQL's own COPY and UPDATE of as many rows.
struct TrafficBenchmark {
  let installation: Installation
  let population: Population

  private static let reports = 40
  private static let usersOfReport = 5_000
  private static let rows = reports * usersOfReport
  private static let fewestRows = 60_000.0
  private static let leastOfLimit = 0.75
  /// How exact the end of the merge is known.
  private static let pause = Duration.milliseconds(20)
  private static let patience = Duration.seconds(120)

  func section() async throws -> Report.Section {
    let (accepted, merged) = try await installation.withWorker("node_api") { _ in
      let accepted = try await push()
      let before = try await billed()
      let merged = try await installation.withWorker("consumer") { _ in try await merge() }
      guard try await billed() - before == Int64(3 * Self.rows) else {
        throw Program.Failure(description: "bytes were lost or counted twice")
      }
      return (accepted, merged)
    }
    let limit = try await copyAndUpdate()
    return Report.Section(
      title: "W3: nodes push traffic, \(Self.reports) reports of \(readable(Double(Self.usersOfReport))) users",
      notes: ["peers: 12,000-28,000 rows/s"],
      figures: [
        Figure(name: "accepted, durable", value: accepted, unit: "rows/s"),
        Figure(name: "merged and billed", value: merged, unit: "rows/s", aim: .atLeast(Self.fewestRows)),
        Figure(
          name: "merged / COPY and UPDATE", value: merged / limit, unit: "x", aim: .atLeast(Self.leastOfLimit),
          detail: "limit \(readable(limit)) rows/s"),
      ])
  }

  /// Rows accepted per second, with all nodes of a list pushing at once.
  private func push() async throws -> Double {
    let users = try await population.users(nodes: Population.nodeCounts[0]).prefix(Self.usersOfReport)
    let nodes = Population.nodes(ofList: 0)
    let port = installation.port(of: .node)
    let elapsed = try await ContinuousClock().measure {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for (index, node) in nodes.enumerated() {
          group.addTask {
            for report in stride(from: index, to: Self.reports, by: nodes.count) {
              // Equal bodies of a node would be one report sent twice: the order of the users tells them apart.
              let users = users.dropFirst(report) + users.prefix(report)
              let body = "{" + users.map { "\"\($0)\":[1,2]" }.joined(separator: ",") + "}"
              let answer = LoopbackHTTP("POST", UserListBenchmark.path("push", node: node), port: port, body: Array(body.utf8))
              guard answer?.status == 200 else { throw Program.Failure(description: "a push was answered \(answer?.status ?? 0)") }
            }
          }
        }
        try await group.waitForAll()
      }
    }
    return Double(Self.rows) / elapsed.seconds
  }

  /// Rows merged per second, from the first merge that is seen to the last.
  private func merge() async throws -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    var first: (at: ContinuousClock.Instant, waiting: Int64)?
    while clock.now < start + Self.patience {
      let waiting = try await installation.database.number(
        "SELECT coalesce(sum(cardinality(users)), 0)::bigint FROM telecom.traffic_reports WHERE applied < accepted")
      let now = clock.now
      if first == nil, waiting < Int64(Self.rows) { first = (now, waiting) }
      if waiting == 0, let first {
        return Double(first.waiting) / max(first.at.duration(to: now).seconds, Self.pause.seconds)
      }
      try await Task.sleep(for: Self.pause)
    }
    throw Program.Failure(description: "the reports were not merged within \(Self.patience)")
  }

  private func billed() async throws -> Int64 {
    try await installation.database.number("SELECT sum(upload + download)::bigint FROM telecom.package_queue")
  }

  /// The least that a merge of rows into totals can be: COPY into a table of the session and one UPDATE, a transaction a report.
  private func copyAndUpdate() async throws -> Double {
    try await installation.database.execute(
      "CREATE TABLE public.usage_limit AS SELECT node_user_id AS id, 0::bigint AS upload, 0::bigint AS download FROM telecom.subscriptions")
    try await installation.database.execute("ALTER TABLE public.usage_limit ADD PRIMARY KEY (id)")
    try await installation.servers.runSQL(["VACUUM (ANALYZE) public.usage_limit"])
    let users = try await population.users(nodes: Population.nodeCounts[0]).prefix(Self.usersOfReport)
    let text = Array(users.map { "\($0)\t1\t2\n" }.joined().utf8)
    let elapsed = try await ContinuousClock().measure {
      for _ in 0..<Self.reports {
        try await installation.database.client.transaction { connection in
          _ = try await connection.query(
            PostgresQuery("CREATE TEMPORARY TABLE report (id integer, upload bigint, download bigint) ON COMMIT DROP", prepared: false))
          _ = try await connection.copyIn("COPY report FROM STDIN") { writer in try await writer.write(text) }
          _ = try await connection.query(
            PostgresQuery(
              """
              UPDATE public.usage_limit u SET upload = u.upload + r.upload, download = u.download + r.download
              FROM (SELECT id, sum(upload)::bigint AS upload, sum(download)::bigint AS download FROM report GROUP BY id) AS r
              WHERE u.id = r.id
              """, prepared: false))
        }
      }
    }
    try await installation.database.execute("DROP TABLE public.usage_limit")
    return Double(Self.rows) / elapsed.seconds
  }
}
