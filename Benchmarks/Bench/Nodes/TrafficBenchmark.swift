import LocalServers
import Postgres

/// W3: how fast nodes' reports are taken and merged, beside PostgreSQL's own COPY and UPDATE of as
/// many rows.
///
/// A merge takes reports of the same users together; where no user comes twice, it can't.
struct TrafficBenchmark {
  let installation: Installation
  let population: Population

  private static let usersOfReport = 5_000
  private static let fewestRows = 60_000.0
  private static let leastOfLimit = 0.75
  /// How exact the end of the merge is known.
  private static let pause = Duration.milliseconds(20)
  private static let patience = Duration.seconds(120)

  /// What a node says at once.
  private struct NodeReport: Sendable {
    let node: Int
    let users: [Int32]

    /// A byte up and two down for each user.
    var body: [UInt8] {
      Array(("{" + users.map { "\"\($0)\":[1,2]" }.joined(separator: ",") + "}").utf8)
    }
    static let bytesOfUser: Int64 = 3
  }

  func section() async throws -> Report.Section {
    let several = try await severalNodes()
    let (accepted, merged) = try await measure(several)
    let (_, mergedApart) = try await measure(try await oneNode())
    let limit = try await copyAndUpdate(reports: several.count)
    return Report.Section(
      title: "W3: nodes push traffic, reports of \(readable(Double(Self.usersOfReport))) users",
      notes: ["peers: 12,000-28,000 rows/s"],
      figures: [
        Figure(name: "accepted, durable", value: accepted, unit: "rows/s"),
        Figure(
          name: "merged and billed",
          value: merged,
          unit: "rows/s",
          aim: .atLeast(Self.fewestRows),
          detail: "\(several.count) reports of the same users, as of several nodes or of a backlog"
        ),
        Figure(
          name: "merged / COPY and UPDATE",
          value: merged / limit,
          unit: "x",
          aim: .atLeast(Self.leastOfLimit),
          detail: "limit \(readable(limit)) rows/s"
        ),
        Figure(
          name: "the same, no user twice",
          value: mergedApart,
          unit: "rows/s",
          aim: .atLeast(Self.fewestRows),
          detail: "\(readable(mergedApart / limit)) of COPY and UPDATE"
        ),
      ]
    )
  }

  /// Five minutes of eight nodes that all users of a list may use.
  private func severalNodes() async throws -> [NodeReport] {
    let users = try await population.users(nodes: Population.nodeCounts[0]).prefix(
      Self.usersOfReport
    )
    let nodes = Population.nodes(ofList: 0)
    return (0..<5 * nodes.count).map { index in
      // Equal bodies of a node would be one report sent twice: the order of the users tells them
      // apart.
      NodeReport(
        node: nodes[index % nodes.count],
        users: Array(users.dropFirst(index) + users.prefix(index))
      )
    }
  }

  /// The users of one node, each once.
  private func oneNode() async throws -> [NodeReport] {
    let users = try await population.users(nodes: 1)
    return stride(from: 0, to: users.count, by: Self.usersOfReport).map { first in
      NodeReport(
        node: Population.nodeWithRest,
        users: Array(users[first..<min(users.count, first + Self.usersOfReport)])
      )
    }
  }

  /// Rows accepted and then merged per second.
  private func measure(_ reports: [NodeReport]) async throws -> (accepted: Double, merged: Double) {
    let rows = reports.reduce(0) { $0 + $1.users.count }
    return try await installation.withWorker("node_api") { _ in
      let accepted = try await push(reports)
      let before = try await billed()
      let merged = try await installation.withWorker("consumer") { _ in try await merge(rows) }
      guard try await billed() - before == NodeReport.bytesOfUser * Int64(rows) else {
        throw Program.Failure(description: "bytes were lost or counted twice")
      }
      return (accepted, merged)
    }
  }

  /// Rows accepted per second, with all nodes pushing at once.
  private func push(_ reports: [NodeReport]) async throws -> Double {
    let port = installation.port(of: .node)
    let elapsed = try await ContinuousClock().measure {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for (node, reports) in Dictionary(grouping: reports, by: \.node) {
          group.addTask {
            for report in reports {
              let answer = LoopbackHTTP(
                "POST",
                UserListBenchmark.path("push", node: node),
                port: port,
                body: report.body
              )
              guard answer?.status == 200 else {
                throw Program.Failure(description: "a push was answered \(answer?.status ?? 0)")
              }
            }
          }
        }
        try await group.waitForAll()
      }
    }
    return Double(reports.reduce(0) { $0 + $1.users.count }) / elapsed.seconds
  }

  /// Rows merged per second, from the first merge that is seen to the last.
  private func merge(_ rows: Int) async throws -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    var first: (at: ContinuousClock.Instant, waiting: Int64)?
    while clock.now < start + Self.patience {
      let waiting = try await installation.database.number(
        "SELECT coalesce(sum(cardinality(users)), 0)::bigint FROM telecom.traffic_reports WHERE applied < accepted"
      )
      let now = clock.now
      if first == nil, waiting < Int64(rows) { first = (now, waiting) }
      if waiting == 0, let first {
        return Double(first.waiting) / max(first.at.duration(to: now).seconds, Self.pause.seconds)
      }
      try await Task.sleep(for: Self.pause)
    }
    throw Program.Failure(description: "the reports were not merged within \(Self.patience)")
  }

  private func billed() async throws -> Int64 {
    try await installation.database.number(
      "SELECT sum(upload + download)::bigint FROM telecom.package_queue"
    )
  }

  /// The least that a merge of rows into totals can be: COPY into a table of the session and one
  /// UPDATE, a transaction a report.
  private func copyAndUpdate(reports: Int) async throws -> Double {
    try await installation.database.execute(
      "CREATE TABLE public.usage_limit AS SELECT node_user_id AS id, 0::bigint AS upload, 0::bigint AS download FROM telecom.subscriptions"
    )
    try await installation.database.execute("ALTER TABLE public.usage_limit ADD PRIMARY KEY (id)")
    try await installation.servers.runSQL(["VACUUM (ANALYZE) public.usage_limit"])
    let users = try await population.users(nodes: Population.nodeCounts[0]).prefix(
      Self.usersOfReport
    )
    let text = Array(users.map { "\($0)\t1\t2\n" }.joined().utf8)
    let elapsed = try await ContinuousClock().measure {
      for _ in 0..<reports {
        try await installation.database.client.transaction { connection in
          _ = try await connection.query(
            PostgresQuery(
              "CREATE TEMPORARY TABLE report (id integer, upload bigint, download bigint) ON COMMIT DROP",
              prepared: false
            )
          )
          _ = try await connection.copyIn("COPY report FROM STDIN") { writer in
            try await writer.write(text)
          }
          _ = try await connection.query(
            PostgresQuery(
              """
              UPDATE public.usage_limit u SET upload = u.upload + r.upload, download = u.download + r.download
              FROM (SELECT id, sum(upload)::bigint AS upload, sum(download)::bigint AS download FROM report GROUP BY id) AS r
              WHERE u.id = r.id
              """,
              prepared: false
            )
          )
        }
      }
    }
    try await installation.database.execute("DROP TABLE public.usage_limit")
    return Double(reports * Self.usersOfReport) / elapsed.seconds
  }
}
