import Foundation
import Testing

/// Agents of every kind report over a bad network while their servers are killed: what they moved
/// is billed, by the rule for re-sends.
@Suite struct SoakTests {
  /// Some twenty cycles of each agent, with time-outs that are not shortened; `make soak` runs ten
  /// times as long.
  private static let seconds =
    ProcessInfo.processInfo.environment["HELIUM_SOAK_SECONDS"].flatMap(Int.init) ?? 60
  /// So few that a report is by chance in the next one now and then.
  private static let customers = 6
  private static let setUp = ["grpc", "consumer", "mailer", "node_api"]
  private static let victims = [
    "node_api", "node_api-2", "consumer", "consumer-2", "cron_executor",
  ]

  @Test func `what agents report through faults and kills is billed once, and all of it`()
    async throws
  {
    let seed =
      ProcessInfo.processInfo.environment["HELIUM_SOAK_SEED"].flatMap(UInt64.init)
      ?? .random(in: .min ... .max)
    print("soak of \(Self.seconds) s by HELIUM_SOAK_SEED=\(seed)")
    var random = SeededRandom(seed: seed)

    try await Installation.withOwn { installation in
      try await Crew.with(Self.setUp, of: installation) { crew in
        let business = try await Business(in: installation, customers: Self.customers)
        for name in Self.victims where !Self.setUp.contains(name) { try crew.start(name) }
        try await crew.waitUntilReady()

        let deaths = installation.folder.appendingPathComponent("deaths.csv")
        let agents = try business.script("soak", [], ["SEED": "\(seed)", "DEATHS": deaths.path])
        defer { agents.kill() }
        let end = ContinuousClock.now + .seconds(Self.seconds)
        var rows = ""
        while ContinuousClock.now < end, agents.status == nil {
          try await Task.sleep(for: .milliseconds(Int.random(in: 1_000...4_000, using: &random)))
          let victim = Self.victims.randomElement(using: &random) ?? "consumer"
          let start = Date.now.timeIntervalSince1970
          if victim.hasPrefix("node_api"), Bool.random(using: &random) {
            // It dies when it has kept its next report and not answered it.
            try await crew.restart(victim, toDieAt: "report-committed", underLoad: true)
            try await crew.revive(victim)
          } else {
            try await crew.killAndRestart(victim)
          }
          rows += "\(victim),\(start),\(Date.now.timeIntervalSince1970)\n"
        }
        try await crew.waitUntilReady()
        try Data(rows.utf8).write(to: deaths)
        try await business.endLoad(agents)
        try await crew.stop()
        #expect(!crew.deaths.isEmpty)
      }
    }
  }

  @Test func `the rule for re-sends is what its own tests say`() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "rule-tests-\(UUID().uuidString)"
    )
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let scripts = "\(Installation.repository)/Tests/EndToEndTests/Scripts"
    let environment = [
      "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": scripts,
    ]
    let tests = try await ChildProcess(
      URL(fileURLWithPath: Installation.python),
      ["-m", "unittest", "agents.rule_tests"],
      environment: environment,
      in: folder
    ).result()
    #expect(tests.status == 0, "\(tests.error)")
  }
}
