import Configuration
import FoundationEssentials
import LocalServers
import Logging
package import Platform
import Postgres
import SystemPackage
import UnixSignals

/// `helium dev`: private servers, the schema, demo data, and every worker as a child process.
package struct DevCommand: Sendable {
  private let directory: FilePath
  private let isFresh: Bool
  private let accounts: Int
  private let workers: [WorkMode]
  private let ports: DevPorts.Choice
  private let migrations: String?

  /// `workers` empty: all of them.
  package init(
    directory: String,
    isFresh: Bool,
    accounts: Int,
    only workers: [WorkMode],
    anyPorts: Bool,
    migrations: String? = nil
  ) {
    let path = FilePath(directory)
    self.directory =
      path.isAbsolute ? path : FilePath(FileManager.default.currentDirectoryPath).pushing(path)
    self.isFresh = isFresh
    self.accounts = accounts
    let chosen = Set(workers.flatMap(\.workers))
    self.workers = WorkMode.all.workers.filter { chosen.isEmpty || chosen.contains($0) }
    ports = anyPorts ? .any : .default
    self.migrations = migrations
  }

  /// Runs until SIGINT or SIGTERM. Throws when something doesn't start; what had started by then is
  /// stopped again.
  package func run(_ say: @escaping @Sendable (String) -> Void) async throws {
    LoggingSystem.bootstrap { _ in LineLogHandler(level: .warning, format: .text) }
    let log = DevLog(say)
    let signals = DevSignals()
    do {
      try await withThrowingTaskGroup { group in
        group.addTask { try await startAndRun(signals, log) }
        group.addTask { try await signals.listen() }
        // The end of the work, or a signal before there are workers, which cancels the start.
        defer { group.cancelAll() }
        try await group.next()
      }
    } catch is DevSignals.Interrupted {}
    log.write("stopped")
  }

  private func startAndRun(_ signals: DevSignals, _ log: DevLog) async throws {
    try LocalServers.requireFree(directory)
    let ports = DevPorts(ports, workers: workers)
    try ports.requireFree()
    DevFile.remove(in: directory)
    let stores = try await DevStores.start(
      in: directory,
      fresh: isFresh,
      ports: self.ports == .any ? .any : .standard,
      environment: ProcessInfo.processInfo.environment
    ) { log.write($0) }
    do {
      try await run(stores, ports, signals, log)
    } catch {
      await stores.servers.stop()
      throw error
    }
    await stores.servers.stop()
  }

  private func run(_ stores: DevStores, _ ports: DevPorts, _ signals: DevSignals, _ log: DevLog)
    async throws
  {
    let common = ProcessInfo.processInfo.environment.merging(stores.environment) { $1 }
    let configuration = try ServerConfiguration(
      ConfigReader(
        provider: EnvironmentVariablesProvider(
          environmentVariables: common.merging(["LOG_LEVEL": "warning"]) { $1 }
        )
      ),
      mode: .all
    )
    try await SchemaCommand(configuration.database, directory: migrations).migrate {
      log.write("  \($0)")
    }
    var demo = try await seed(configuration, force: stores.ownsDatabase)
    if let port = ports.serving[.subscribeAPI] {
      demo.customer.subscriptionURL =
        "http://127.0.0.1:\(port)/subscribe/\(demo.customer.linkToken)"
    }
    let usual = [
      "LOG_FORMAT": "text", "DATABASE_POOL_SIZE": "8", "SHUTDOWN_GRACE_SECONDS": "\(DevCrew.grace)",
    ]
    let base = usual.merging(common) { $1 }
    let environments = workers.map { mode in
      (mode, base.merging(ports.environment(of: mode)) { $1 })
    }
    let crew = DevCrew(Dictionary(uniqueKeysWithValues: environments), log: log)
    let announcement = DevAnnouncement(
      directory: directory,
      stores: stores,
      ports: ports,
      demo: demo,
      crew: crew,
      log: log
    )
    defer { DevFile.remove(in: directory) }
    try await supervise(crew, announcement, signals, log)
  }

  private func seed(_ configuration: ServerConfiguration, force: Bool) async throws
    -> DemoInstallation
  {
    var logger = Logger(label: "helium.dev")
    logger.logLevel = .warning
    let process = HeliumProcess(configuration: configuration, logger: logger)
    return try await process.seedDemo(accounts: accounts, force: force)
  }

  private enum Outcome {
    case workersEnded, announced, stopped
    case failed(any Error)
  }

  /// Runs the workers until a signal or a failure.
  private func supervise(
    _ crew: DevCrew,
    _ announcement: DevAnnouncement,
    _ signals: DevSignals,
    _ log: DevLog
  ) async throws {
    let requests = signals.requests()
    let failure = await withTaskGroup(of: Outcome.self) { group -> (any Error)? in
      group.addTask {
        await crew.run()
        return .workersEnded
      }
      group.addTask {
        do {
          try await announcement.publish()
          return .announced
        } catch {
          return .failed(error)
        }
      }
      group.addTask { await Self.stop(crew, announcement, requests, log) }
      var failure: (any Error)?
      for await outcome in group {
        switch outcome {
        case .workersEnded:
          group.cancelAll()
        case .failed(let error) where !(error is CancellationError):
          failure = error
          group.addTask {
            await crew.stop()
            return .stopped
          }
        case .failed, .announced, .stopped:
          break
        }
      }
      return failure
    }
    if let failure { throw failure }
  }

  /// Waits for a signal, then stops the workers in order; a second signal ends them at once.
  private static func stop(
    _ crew: DevCrew,
    _ announcement: DevAnnouncement,
    _ requests: AsyncStream<Void>,
    _ log: DevLog
  ) async -> Outcome {
    await withDiscardingTaskGroup { group in
      var isStopping = false
      for await _ in requests {
        if isStopping { crew.kill() }
        guard !isStopping else { continue }
        isStopping = true
        log.write("stopping; press Ctrl-C again to stop at once")
        announcement.withdraw()
        group.addTask { await crew.stop() }
      }
    }
    return .stopped
  }
}
