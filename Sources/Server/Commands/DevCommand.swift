import FoundationEssentials
import LocalServers
import Postgres
import Subprocess
import SystemPackage
import UnixSignals

/// `helium dev`: private servers, the schema, and every worker as a child process.
package struct DevCommand: Sendable {
  private let directory: FilePath
  private let isFresh: Bool
  private let migrations: String

  package init(directory: String, isFresh: Bool, migrations: String) {
    let path = FilePath(directory)
    self.directory = path.isAbsolute ? path : FilePath(FileManager.default.currentDirectoryPath).pushing(path)
    self.isFresh = isFresh
    self.migrations = migrations
  }

  /// Runs until SIGINT or SIGTERM.
  package func run(_ say: @escaping @Sendable (String) -> Void) async throws {
    if isFresh { try? FileManager.default.removeItem(atPath: directory.string) }
    say("starting private PostgreSQL, Redis and RabbitMQ in \(directory) (RabbitMQ takes 5 to 10 s)")
    let servers = try await LocalServers.start(
      LocalServers.Options(directory: directory, kinds: [.postgres, .redis, .rabbitmq, .mailSink], progress: { say("  \($0)") }))
    do {
      guard let database = servers.databaseURL, let redis = servers.redisURL, let broker = servers.mqURL else { return }
      try await SchemaCommand(PostgresConfiguration(url: database), directory: migrations).migrate { say("  \($0)") }
      let key = try masterKeyFile()
      let common = [
        "DATABASE_URL": database, "REDIS_URL": redis, "MQ_URL": broker, "HELIUM_MASTER_KEY_FILE": key, "LOG_FORMAT": "text",
        "HEALTH_CHECK_HOST": "127.0.0.1", "GRPC_LISTEN": "127.0.0.1:50051", "SUBSCRIBE_API_LISTEN": "127.0.0.1:8080",
        "WEBHOOK_API_LISTEN": "127.0.0.1:8081", "NODE_API_LISTEN": "127.0.0.1:8082", "DATABASE_POOL_SIZE": "8",
        "SMTP_URL": servers.smtpURL.map { "\($0)?starttls=off" } ?? "",
      ]
      say(Self.summary(common, mail: servers.mailDirectory.string))
      await runWorkers(common)
    } catch {
      await servers.stop()
      throw error
    }
    say("stopping")
    await servers.stop()
  }

  /// The master key of this data directory, made at the first run.
  private func masterKeyFile() throws -> String {
    let path = directory.appending("master.key").string
    if !FileManager.default.fileExists(atPath: path) {
      var generator = SystemRandomNumberGenerator()
      let key = Data((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
      try Data(key.base64EncodedString().utf8).write(to: URL(filePath: path), options: .atomic)
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }
    return path
  }

  private func runWorkers(_ common: [String: String]) async {
    await withTaskGroup(of: Void.self) { group in
      for (index, mode) in WorkMode.all.workers.enumerated() {
        let variables = common.merging(["WORK_MODE": mode.rawValue, "HEALTH_CHECK_PORT": "\(9_090 + index)"]) { $1 }
        group.addTask { await Self.runWorker(variables) }
      }
      // The workers get the terminal's Ctrl-C themselves; a SIGTERM to this process alone is passed on by cancelling them.
      group.addTask {
        for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { return }
      }
      _ = await group.next()
      group.cancelAll()
    }
  }

  /// Runs one worker in a child process until it ends or this task is cancelled, which sends SIGTERM.
  private static func runWorker(_ variables: [String: String]) async {
    var options = PlatformOptions()
    options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(20))]
    let environment = Environment.inherit.updating(
      Dictionary(uniqueKeysWithValues: variables.map { (Environment.Key(stringLiteral: $0.key), $0.value) }))
    _ = try? await Subprocess.run(
      .path("/proc/self/exe"), arguments: ["serve"], environment: environment, platformOptions: options, output: .discarded,
      error: .fileDescriptor(.standardError, closeAfterSpawningProcess: false))
  }

  private static func summary(_ variables: [String: String], mail: String) -> String {
    let exports = ["DATABASE_URL", "REDIS_URL", "MQ_URL", "HELIUM_MASTER_KEY_FILE"].map { "export \($0)='\(variables[$0] ?? "")'" }
    return """

      Helium runs.
        gRPC           127.0.0.1:50051      (reflection is on)
        subscriptions  http://127.0.0.1:8080
        node agents    http://127.0.0.1:8082
        mail           \(mail)  (the development mail sink writes each message there)
        health         http://127.0.0.1:9090/readyz  … :9096, one a worker

      Try next, in another terminal:
        curl -s http://127.0.0.1:9090/readyz
      and, to make the first operator's invitation:
      \(exports.map { "  \($0)" }.joined(separator: "\n"))
        .build/debug/helium admin invite --role SuperAdmin

      Ctrl-C stops all of it.

      """
  }
}
