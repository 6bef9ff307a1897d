import AMQP
import Configuration
import Instrumentation
package import Logging
import Manage
import Metrics
package import Platform
package import Prometheus

/// What every command that talks to the stores begins with: the environment, the log, the metrics.
package struct HeliumProcess: Sendable {
  package let configuration: ServerConfiguration
  package let metrics: PrometheusRegistry
  package let logger: Logger

  /// Reads the environment and sets up logging, metrics and tracing for this process. Call it once.
  ///
  /// `mode` nil: what WORK_MODE says, and where that isn't set `fallback`. A command logs warnings
  /// alone, as text, unless the environment says otherwise. Throws everything that is wrong with
  /// the environment.
  package init(mode: WorkMode?, fallback: WorkMode? = nil, isCommand: Bool = true) throws {
    let reader = EnvironmentReader(Self.environment)
    let isNamed = reader.text("WORK_MODE") != nil
    configuration = try ServerConfiguration(
      Self.environment,
      mode: mode ?? (isNamed ? nil : fallback)
    )
    metrics = PrometheusRegistry()
    let level = isCommand && reader.text("LOG_LEVEL") == nil ? .warning : configuration.logLevel
    let format = isCommand && reader.text("LOG_FORMAT") == nil ? .text : configuration.logFormat
    LoggingSystem.bootstrap { _ in LineLogHandler(level: level, format: format) }
    MetricsSystem.bootstrap(metrics)
    InstrumentationSystem.bootstrap(TraceContextInstrument())
    var logger = Logger(label: "helium")
    logger[metadataKey: LogKey.tenant] = "\(configuration.tenant)"
    logger[metadataKey: LogKey.worker] = "\(configuration.mode.rawValue)"
    self.logger = logger
  }

  /// A part of a process that has set up logging already.
  init(configuration: ServerConfiguration, logger: Logger) {
    self.configuration = configuration
    metrics = PrometheusRegistry()
    self.logger = logger
  }

  static var environment: ConfigReader {
    ConfigReader(provider: EnvironmentVariablesProvider())
  }

  /// Runs `body` with this process's connections and modules, and closes them.
  func withModules<R: Sendable>(_ body: (Resources, Modules) async throws -> R) async throws -> R {
    let resources = Resources(configuration, metrics: metrics, logger: logger)
    do {
      let result = try await body(resources, try await Modules(resources))
      await resources.close()
      return result
    } catch {
      await resources.close()
      throw error
    }
  }

  /// A registration token for an operator of `role`.
  package func inviteAdmin(_ role: Role) async throws -> String {
    try await withModules { _, modules in
      try await modules[Manage.self].process(IssueInvitation(role: role)).token
    }
  }

  /// How many messages wait in each queue.
  package func queueLines() async throws -> [String] {
    try await withModules { resources, modules in
      let hooks = modules.hooks
      try await resources.broker.declare(.helium(hooks: hooks))
      let retries = RetryPolicy.standard.delays.map(RetryPolicy.queue(forDelay:))
      var lines: [String] = []
      for queue in hooks.map(\.queue) + retries + [ExchangeName.deadLetters] {
        let depth = try await resources.broker.queueDepth(queue)
        lines.append("\(queue): \(depth.messages) waiting, \(depth.consumers) consumers")
      }
      return lines
    }
  }

  /// How many dead letters one listing shows.
  private static let longestListing = 1_000

  /// Lists dead letters; with `ids`, only those letters, with their bodies.
  package func deadLetterLines(showing ids: Set<String>? = nil) async throws -> [String] {
    try await withModules { resources, modules in
      try await resources.broker.declare(.helium(hooks: modules.hooks))
      let letters = try await DeadLetters(broker: resources.broker).list(limit: Self.longestListing)
      let chosen = letters.filter { ids?.contains($0.id) ?? true }
      guard !chosen.isEmpty else {
        return [ids == nil ? "no dead letters" : "no dead letter has that id"]
      }
      return chosen.flatMap { letter in
        [
          "\(letter.id) \(letter.name) from \(letter.queue) after \(letter.attempts) attempts: \(letter.failure)"
        ]
          + (ids == nil ? [] : [String(decoding: letter.body, as: UTF8.self)])
      }
    }
  }

  /// Sends dead letters back to their queues.
  package func replay(_ ids: Set<String>) async throws -> [String] {
    try await withModules { resources, modules in
      try await resources.broker.declare(.helium(hooks: modules.hooks))
      let replayed = try await DeadLetters(broker: resources.broker).replay(ids)
      return ids.sorted().map { "\($0): \(replayed.contains($0) ? "replayed" : "not found")" }
    }
  }
}
