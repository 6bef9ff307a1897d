import LocalServers

/// W1c: very many clients that come back within minutes, and a database that dies meanwhile.
struct HerdBenchmark {
  let installation: Installation
  let population: Population

  private static let perSecond = 1_000
  /// More than it lasts, however slowly the database comes back.
  private static let maxSeconds = 120
  /// When the database dies, and how long after that it is started again.
  private static let death = Duration.seconds(4)
  private static let outage = Duration.seconds(3)
  /// How long they go on when it is back.
  private static let aftermath = Duration.seconds(6)
  private static let links = 5_000

  /// Milliseconds.
  private static let slowestAnswer = 250.0
  private static let slowestRecovery = 5_000.0
  /// Megabytes at the highest.
  private static let maxResident = 60.0

  func section() async throws -> Report.Section {
    let paths = try await population.links(nodes: 8, count: Self.links).map {
      "/subscribe/\($0)?format=v2ray"
    }
    let figures = try await installation.withWorker("subscribe_api") { worker in
      let port = installation.port(of: .subscribe)
      let loop = OpenLoop(
        port: port,
        perSecond: Self.perSecond,
        count: Self.perSecond * Self.maxSeconds,
        paths: paths
      )
      async let samples = loop.run()
      let start = ContinuousClock.now
      try await Task.sleep(for: Self.death)
      let dead = start.duration(to: .now)
      await installation.servers.crash(.postgres)
      try await Task.sleep(for: Self.outage)
      try await installation.servers.restart(.postgres)
      let back = start.duration(to: .now)
      try await Task.sleep(for: Self.aftermath)
      loop.stop()
      return Self.figures(
        try await samples,
        dead: dead,
        back: back,
        highest: try ProcessUsage.highestResident(of: worker.pid)
      )
    }
    return Report.Section(
      title:
        "W1c: \(readable(Double(Self.perSecond))) clients a second, each with a connection of its own",
      notes: [
        "the database is killed after \(Self.death.components.seconds) s and started \(Self.outage.components.seconds) s later"
      ],
      figures: figures
    )
  }

  private static func figures(
    _ samples: [OpenLoop.Sample],
    dead: Duration,
    back: Duration,
    highest: Double
  ) -> [Figure] {
    let refused = samples.filter { $0.status == 503 }
    let wrong = samples.filter { $0.status != 200 && $0.status != 503 }
    // Normal again: nobody who comes later is refused. How long those wait is judged with the
    // others.
    let disturbed = samples.filter { $0.due >= dead && $0.status != 200 }
    let normal = max(back, disturbed.map(\.due).max() ?? back)
    let calm = samples.filter { $0.status == 200 && ($0.end < dead || $0.due > normal) }
    return [
      Figure(
        name: "answers other than 200 and 503",
        value: Double(wrong.count),
        unit: "",
        aim: .atMost(0),
        detail: "of \(readable(Double(samples.count))); \(readable(Double(refused.count))) were 503"
      ),
      Figure(
        name: "503, p99",
        value: percentile(99, of: refused),
        unit: "ms",
        aim: .atMost(slowestAnswer),
        detail:
          "p50 \(readable(percentile(50, of: refused))) ms, the slowest \(readable(percentile(100, of: refused))) ms"
      ),
      Figure(
        name: "200 while the database lives, p99",
        value: percentile(99, of: calm),
        unit: "ms",
        aim: .atMost(slowestAnswer),
        detail: "p50 \(readable(percentile(50, of: calm))) ms"
      ),
      Figure(
        name: "normal again after the database is back",
        value: (normal - back).milliseconds,
        unit: "ms",
        aim: .atMost(slowestRecovery),
        detail: "it was away for \(readable((back - dead).seconds)) s"
      ),
      Figure(name: "RSS at its highest", value: highest, unit: "MB", aim: .atMost(maxResident)),
    ]
  }

  /// Milliseconds; 0 where there are no samples.
  private static func percentile(_ percent: Int, of samples: [OpenLoop.Sample]) -> Double {
    let sorted = samples.map(\.latency.milliseconds).sorted()
    return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * percent / 100)]
  }
}
