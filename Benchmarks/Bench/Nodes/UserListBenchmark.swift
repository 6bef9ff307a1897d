import LocalServers

/// W2: what it costs to tell a node's agent who may use it.
struct UserListBenchmark {
  let installation: Installation
  let population: Population
  let load: LoadGenerator

  /// Nodes ask each for itself.
  private static let connections = 4
  /// Pulls of a list that has changed each time.
  private static let changes = 20
  /// Milliseconds: of the service's processor, and for the longest list from the request to the
  /// last byte.
  private static let longestUnchanged = 0.1
  private static let longestList = 30.0
  private static let longestAnswer = 300.0
  /// Megabytes that answering adds at its highest.
  private static let maxMemory = 20.0

  func section() async throws -> Report.Section {
    guard let postgres = installation.servers.pid(of: .postgres) else {
      throw Program.Failure(description: "PostgreSQL doesn't run")
    }
    try await Core.service.take(postgres)
    let figures = try await installation.withWorker("node_api") { worker in
      try await Core.service.take(worker.pid)
      return try await self.figures(
        Meter(service: worker.pid, postgres: postgres, load: load),
        worker
      )
    }
    try await Core.release(postgres)
    return Report.Section(
      title: "W2: a node pulls its user list",
      notes: [
        "milliseconds of the service's processor per pull; a changed list is read anew, others of its group's nodes then get the same one",
        "peers, 10,000 users: Marzban 800-1,100 ms, PasarGuard 200-600 ms",
      ],
      figures: figures
    )
  }

  private func figures(_ meter: Meter, _ worker: Worker) async throws -> [Figure] {
    let port = installation.port(of: .node)
    let (node, manyUsers) = (Population.nodes(ofList: 0)[0], Population.nodeWithRest)
    let path = Self.path("user", node: node)
    guard let answer = LoopbackHTTP("GET", path, port: port), answer.status == 200,
      let tag = answer.header("etag")
    else {
      throw Program.Failure(description: "\(path) was not answered with a tag")
    }
    let unchanged = try await meter.run(
      port: port,
      [.init(path: path, knownTag: tag)],
      connections: Self.connections,
      refused: 0...0
    )
    let bare = try await meter.run(
      port: worker.healthPort,
      [.init(path: "/healthz")],
      connections: Self.connections,
      refused: 0...0
    )
    let shared = try await meter.run(
      port: port,
      [.init(path: path)],
      connections: Self.connections,
      refused: 0...0
    )
    let changed = try await pullChanged(path, meter, worker)
    let all = population.sizeOfRest
    var figures = [
      unchanged.figure("unchanged list", aim: Self.longestUnchanged),
      bare.figure("limit: a bare answer of the same worker"),
      changed.figure(
        "changed list of \(readable(Double(Population.groupSize))) users",
        aim: .atMost(Self.longestList)
      ),
      shared.figure(
        "the same for another node of the group, \(readable(Double(answer.bodySize) / 1_000)) kB"
      ),
    ]
    let dialects: [(name: String, path: String, headers: [String: String])] = [
      ("UniProxy", Self.path("user", node: manyUsers), [:]),
      ("MessagePack", Self.path("user", node: manyUsers), ["X-Response-Format": "msgpack"]),
      ("mod_mu", "/mod_mu/users?node_id=\(manyUsers)&key=\(Population.nodeToken(manyUsers))", [:]),
    ]
    for dialect in dialects {
      let pulls = try await pullChanged(dialect.path, headers: dialect.headers, meter, worker)
      let name = "changed list of \(readable(Double(all))) users, \(dialect.name)"
      figures.append(pulls.figure(name))
      figures.append(
        Figure(
          name: "\(name): until its last byte",
          value: pulls.elapsed,
          unit: "ms",
          aim: .atMost(Self.longestAnswer),
          detail:
            "\(readable(Double(pulls.bytes) / 1e6)) MB; memory added \(readable(pulls.memory)) MB"
        )
      )
    }
    let before = try ProcessUsage.resetHighestResident(of: worker.pid)
    try await change()
    let pulls = try await OpenLoop(
      port: port,
      perSecond: 1_000,
      count: Self.connections,
      paths: [dialects[0].path]
    ).run()
    guard pulls.allSatisfy({ $0.status == 200 }) else {
      throw Program.Failure(description: "a pull was not answered")
    }
    let highest = try ProcessUsage.highestResident(of: worker.pid)
    figures.append(
      Figure(
        name: "memory that \(Self.connections) pulls of this at once add",
        value: max(0, highest - before),
        unit: "MB",
        aim: .atMost(Self.maxMemory),
        detail: "\(readable(highest)) MB at the highest"
      )
    )
    return figures
  }

  /// What pulls of a list cost that has changed before each.
  private struct Pulls {
    let service: Double
    let postgres: Double
    /// The median, from the request to the last byte.
    let elapsed: Double
    let bytes: Int
    /// Megabytes.
    let memory: Double

    func figure(_ name: String, aim: Aim? = nil) -> Figure {
      Figure(
        name: name,
        value: service,
        unit: "ms",
        aim: aim,
        detail: "PostgreSQL \(readable(postgres)) ms"
      )
    }
  }

  private func change() async throws {
    try await installation.database.execute("UPDATE telecom.node_groups SET version = version + 1")
  }

  private func pullChanged(
    _ path: String,
    headers: [String: String] = [:],
    _ meter: Meter,
    _ worker: Worker
  ) async throws -> Pulls {
    let memory = try ProcessUsage.resetHighestResident(of: worker.pid)
    var (elapsed, bytes, service, postgres) = ([Double](), 0, 0.0, 0.0)
    for _ in 0..<Self.changes {
      try await change()
      let before = (
        try ProcessUsage(of: meter.service).cpuMilliseconds,
        try ProcessUsage.cpuMilliseconds(ofTree: meter.postgres)
      )
      let start = ContinuousClock.now
      guard
        let answer = LoopbackHTTP(
          "GET",
          path,
          port: installation.port(of: .node),
          headers: headers
        ), answer.status == 200
      else {
        throw Program.Failure(description: "\(path) was not answered")
      }
      elapsed.append(start.duration(to: .now).milliseconds)
      bytes = answer.bodySize
      service += try ProcessUsage(of: meter.service).cpuMilliseconds - before.0
      postgres += try ProcessUsage.cpuMilliseconds(ofTree: meter.postgres) - before.1
    }
    let count = Double(Self.changes)
    return Pulls(
      service: service / count,
      postgres: postgres / count,
      elapsed: median(elapsed),
      bytes: bytes,
      memory: max(0, try ProcessUsage.highestResident(of: worker.pid) - memory)
    )
  }

  static func path(_ action: String, node: Int) -> String {
    "/api/v1/server/UniProxy/\(action)?node_id=\(node)&token=\(Population.nodeToken(node))"
  }
}
