import FoundationEssentials
import LocalServers
import SystemPackage

/// W1a and W1b: what it costs to answer clients that fetch their subscription.
///
/// The service and PostgreSQL share one core, the generator has another. Every fetch asks
/// PostgreSQL; what is kept from one to the next is the list's document without its credential.
struct SubscriptionBenchmark {
  let installation: Installation
  let population: Population
  let load: LoadGenerator

  /// Different links, so that PostgreSQL answers for each.
  private static let links = 5_000
  /// A hundredth of the requests ask for a link that nobody has.
  private static let unknownLinks = links / 100
  private static let formats = ["v2ray", "clash", "sing-box"]
  /// As many as the numbers of others were measured with.
  private static let connections = 16

  /// Milliseconds of the service's processor.
  private static let longestFetch = 0.25
  private static let longestWithManyNodes = 0.6
  private static let longestWarmFetch = 0.05
  private static let longestUnchanged = 0.03
  private static let largestSpreadOfFormats = 3.0
  /// Megabytes after the load.
  private static let maxResident = 60.0

  func section() async throws -> Report.Section {
    guard let postgres = installation.servers.pid(of: .postgres) else {
      throw Program.Failure(description: "PostgreSQL doesn't run")
    }
    try await Core.service.take(postgres)
    let figures = try await installation.withWorker("subscribe_api") { worker in
      try await Core.service.take(worker.pid)
      return try await self.figures(
        Meter(service: worker.pid, postgres: postgres, load: load),
        worker
      )
    }
    try await Core.release(postgres)
    return Report.Section(
      title:
        "W1: subscription, \(population.accounts) accounts, \(Self.links) links in turn and 1 % unknown ones",
      notes: [
        "milliseconds of the service's processor per request; PostgreSQL is told beside it",
        "peers, service and database, per core: PHP-FPM floor 4,000/s; Mistgate 1,630-3,034/s; PasarGuard and Marzban 40-260/s",
      ],
      figures: figures
    )
  }

  private func figures(_ meter: Meter, _ worker: Worker) async throws -> [Figure] {
    let port = installation.port(of: .subscribe)
    var figures: [Figure] = []
    let bare = try await meter.run(
      port: worker.healthPort,
      [.init(path: "/healthz")],
      connections: Self.connections,
      refused: 0...0
    )
    var first: Meter.Reading?
    for nodes in Population.nodeCounts {
      let links = try await population.links(nodes: nodes, count: Self.links)
      let unknown = (0..<Self.unknownLinks).map { _ in Self.unknownLink() }
      var costs: [Double] = []
      for format in Self.formats {
        let requests = (links + unknown).map {
          LoadGenerator.Request(path: "/subscribe/\($0)?format=\(format)")
        }
        let reading = try await meter.run(
          port: port,
          requests,
          connections: Self.connections,
          refused: 0.005...0.02
        )
        if first == nil { first = reading }
        costs.append(reading.service)
        let aim = nodes == 8 ? Self.longestFetch : Self.longestWithManyNodes
        figures.append(reading.figure("fetch, \(format), \(nodes) nodes", aim: aim))
      }
      figures.append(
        Figure(
          name: "dearest format / cheapest, \(nodes) nodes",
          value: (costs.max() ?? 0) / (costs.min() ?? 1),
          unit: "x",
          aim: .atMost(Self.largestSpreadOfFormats)
        )
      )
    }
    let links = try await population.links(nodes: 8, count: Self.links)
    for connections in [1, 64, 256] {
      let reading = try await meter.run(
        port: port,
        links.map { .init(path: "/subscribe/\($0)?format=v2ray") },
        connections: connections,
        refused: 0...0
      )
      figures.append(reading.figure("fetch, v2ray, 8 nodes, \(connections) connections"))
    }
    let again = try await meter.run(
      port: port,
      zipf(links).map { .init(path: "/subscribe/\($0)?format=v2ray") },
      connections: Self.connections,
      refused: 0...0
    )
    figures.append(
      again.figure("W1b warm: some links far more often than others", aim: Self.longestWarmFetch)
    )
    let unchanged = try await meter.run(
      port: port,
      try tagged(links, port: port),
      connections: Self.connections,
      refused: 0...0
    )
    figures.append(unchanged.figure("W1b 304, v2ray, 8 nodes", aim: Self.longestUnchanged))
    figures.append(bare.figure("limit: a bare answer of the same worker"))
    figures.append(try await select(meter))
    figures.append(
      Figure(
        name: "RSS after the load",
        value: try ProcessUsage.memory(of: worker.pid).resident,
        unit: "MB",
        aim: .atMost(Self.maxResident)
      )
    )
    return figures
  }

  /// Links drawn as often as Zipf's law says: the second half as often as the first, the third a
  /// third.
  private func zipf(_ links: [String]) -> [String] {
    let total = (1...links.count).reduce(0) { $0 + 1 / Double($1) }
    return links.enumerated().flatMap { index, link in
      Array(
        repeating: link,
        count: max(1, Int(Double(4 * links.count) / (total * Double(index + 1))))
      )
    }
  }

  /// The links with the tag that each was last answered with.
  private func tagged(_ links: [String], port: Int) throws -> [LoadGenerator.Request] {
    try links.map { link in
      let path = "/subscribe/\(link)?format=v2ray"
      guard let answer = LoopbackHTTP("GET", path, port: port), answer.status == 200,
        let tag = answer.header("etag")
      else {
        throw Program.Failure(description: "\(path) was not answered with a tag")
      }
      return .init(path: path, knownTag: tag)
    }
  }

  private static func unknownLink() -> String {
    var generator = SystemRandomNumberGenerator()
    let bytes = Data((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    return bytes.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
      .replacing("=", with: "")
  }

  /// What PostgreSQL's own part can't be less than.
  private func select(_ meter: Meter) async throws -> Figure {
    let url = try installation.servers.databaseURL(of: "postgres")
    let pgbench = try Program.ofPostgreSQL("pgbench")
    _ = try await Program.run(pgbench, ["--initialize", "--quiet", "--init-steps=dtgvp", url])
    let before = try ProcessUsage.cpuMilliseconds(ofTree: meter.postgres)
    let output = try await Program.run(
      Program.installed("taskset"),
      [
        "--cpu-list", Core.generator.list, pgbench.string, "--no-vacuum", "--protocol=prepared",
        "--select-only",
        "--client=\(Self.connections)", "--time=\(load.seconds)", url,
      ]
    )
    let used = try ProcessUsage.cpuMilliseconds(ofTree: meter.postgres) - before
    let count = try Program.number(after: "actually processed:", in: output)
    return Figure(
      name: "limit: PostgreSQL's SELECT by key",
      value: used / count,
      unit: "ms",
      detail: "\(readable(try Program.number(after: "tps =", in: output)))/s seen by pgbench"
    )
  }
}
