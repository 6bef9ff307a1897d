import LocalServers

/// W2: what it costs to tell a node's agent who may use it.
struct UserListBenchmark {
  let installation: Installation
  let population: Population
  let load: LoadGenerator

  /// Nodes ask each for itself.
  private static let connections = 4
  /// Milliseconds of the service's processor.
  private static let longestUnchanged = 0.1
  private static let longestList = 30.0
  /// Megabytes that answering adds at its highest.
  private static let mostMemory = 20.0

  func section() async throws -> Report.Section {
    guard let postgres = installation.servers.pid(of: .postgres) else { throw Program.Failure(description: "PostgreSQL doesn't run") }
    try await Core.service.take(postgres)
    let figures = try await installation.withWorker("node_api") { worker in
      try await Core.service.take(worker.pid)
      return try await self.figures(Meter(service: worker.pid, postgres: postgres, load: load), worker)
    }
    try await Core.release(postgres)
    return Report.Section(
      title: "W2: a node pulls its user list",
      notes: ["milliseconds of the service's processor per pull", "peers, 10,000 users: Marzban 800-1,100 ms, PasarGuard 200-600 ms"],
      figures: figures)
  }

  private func figures(_ meter: Meter, _ worker: Worker) async throws -> [Figure] {
    let port = installation.port(of: .node)
    let node = Population.nodes(ofList: 0)[0]
    let path = Self.path("user", node: node)
    let before = try ProcessUsage.memory(of: worker.pid)
    guard let answer = LoopbackHTTP("GET", path, port: port), answer.status == 200, let tag = answer.header("etag") else {
      throw Program.Failure(description: "\(path) was not answered with a tag")
    }
    let list = try await meter.run(port: port, [.init(path: path)], connections: Self.connections, refused: 0...0)
    let highest = try ProcessUsage.highestResident(of: worker.pid)
    let unchanged = try await meter.run(port: port, [.init(path: path, knownTag: tag)], connections: Self.connections, refused: 0...0)
    return [
      unchanged.figure("unchanged list", aim: Self.longestUnchanged),
      list.figure(
        "list of \(readable(Double(Population.groupSize))) users, \(readable(Double(answer.bodySize) / 1_000)) kB", aim: Self.longestList),
      Figure(
        name: "memory that \(Self.connections) pulls at once add", value: max(0, highest - before.resident), unit: "MB",
        aim: .atMost(Self.mostMemory), detail: "\(readable(highest)) MB at the highest"),
    ]
  }

  static func path(_ action: String, node: Int) -> String {
    "/api/v1/server/UniProxy/\(action)?node_id=\(node)&token=\(Population.nodeToken(node))"
  }
}
