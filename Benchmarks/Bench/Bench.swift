import ArgumentParser
import LocalServers
import SystemPackage

/// `bench`: how fast Helium is, each figure beside its limit or aim in the same run.
@main
struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure, as ratios to each limit in the same run.",
    discussion: """
      Starts private PostgreSQL, Redis and RabbitMQ where a part needs them. Run it on a machine that does nothing else.

      Examples:
        make bench
        make bench ARGS="redis w11"
        make bench ARGS="postgres --rounds 15"
      """
  )

  @Argument(
    help:
      "What to measure: \(Part.allCases.map(\.rawValue).joined(separator: ", ")). All of it when none is named."
  )
  var parts: [Part] = Part.allCases

  @Option(help: "How often ours and its limit alternate.")
  var rounds = 7

  @Option(help: "Seconds that each side takes in a round.")
  var seconds = 1

  @Option(help: "Accounts with a package, for w1 to w3.")
  var accounts = 120_000

  @Option(help: "Where the figures are written as JSON.")
  var output = ".build/bench.json"

  mutating func validate() throws {
    guard rounds > 0, seconds > 0 else {
      throw ValidationError("there must be a round, and it must last a second")
    }
    let fewest = Population.nodeCounts.count * Population.groupSize
    guard accounts > fewest else {
      throw ValidationError("there must be more than \(fewest) accounts")
    }
  }

  func run() async throws {
    var report = Report()
    if parts.contains(.formats) { report.add(formatsSection()) }
    let kinds = parts.reduce(into: Set()) { $0.formUnion($1.servers) }
    if !kinds.isEmpty {
      let servers = try await startServers(kinds)
      do {
        try await measure(on: servers, into: &report)
      } catch {
        await servers.stop()
        throw error
      }
      await servers.stop()
    }
    try report.write(to: FilePath(output))
    print("\n\(report.summary)\nThe figures as JSON: \(output)")
  }

  private func startServers(_ kinds: Set<LocalServers.Kind>) async throws -> LocalServers {
    print("starting private servers")
    return try await LocalServers.start(
      LocalServers.Options(
        directory: folder.appending("servers"),
        kinds: kinds,
        removesDirectory: true
      )
    )
  }

  private func measure(on servers: LocalServers, into report: inout Report) async throws {
    let rounds = Rounds(count: rounds, seconds: seconds)
    if parts.contains(.postgres) {
      report.add(try await PostgresBenchmark(servers: servers, rounds: rounds).section())
    }
    if parts.contains(.redis) {
      report.add(try await RedisBenchmark(servers: servers, rounds: rounds).section())
    }
    if parts.contains(.amqp) {
      report.add(try await AMQPBenchmark(servers: servers, rounds: rounds).section())
    }
    guard parts.contains(where: { [.w1, .w2, .w3, .w11].contains($0) }) else { return }

    let installation = try await Installation.make(servers, in: folder)
    if parts.contains(.w11) {
      report.add(try await FootprintBenchmark(installation: installation).section())
    }
    if parts.contains(where: { [.w1, .w2, .w3].contains($0) }) {
      print("\nfilling the database with \(accounts) accounts")
      let population = try await Population.make(accounts: accounts, in: installation)
      let load = LoadGenerator(folder: folder, seconds: Self.secondsOfLoad)
      if parts.contains(.w1) {
        report.add(
          try await SubscriptionBenchmark(
            installation: installation,
            population: population,
            load: load
          ).section()
        )
        report.add(
          try await HerdBenchmark(installation: installation, population: population).section()
        )
      }
      if parts.contains(.w2) {
        report.add(
          try await UserListBenchmark(
            installation: installation,
            population: population,
            load: load
          ).section()
        )
      }
      if parts.contains(.w3) {
        report.add(
          try await TrafficBenchmark(installation: installation, population: population).section()
        )
      }
    }
    await installation.close()
  }

  /// Processor time is counted in hundredths of a second: over this long it is exact to half a
  /// percent.
  private static let secondsOfLoad = 4

  /// For the servers' data, the workers' logs and the load generator's files.
  private var folder: FilePath { FilePath(output).removingLastComponent().appending("bench") }
}

/// What can be measured by itself.
enum Part: String, CaseIterable, ExpressibleByArgument {
  case formats, postgres, redis, amqp, w11, w1, w2, w3

  /// What must run for it.
  var servers: Set<LocalServers.Kind> {
    switch self {
    case .formats: []
    case .postgres: [.postgres]
    case .redis: [.redis]
    case .amqp: [.rabbitmq]
    case .w11, .w1, .w2, .w3: [.postgres, .redis, .rabbitmq]
    }
  }
}
