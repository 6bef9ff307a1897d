import Foundation
import LocalServers
import SystemPackage
import Testing

/// A folder with what all processes of one installation share, and the ways to start them.
struct Installation {
  /// As long as a worker may take to finish what it is doing.
  static let graceSeconds = 20
  static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  private static let modes = ["grpc", "subscribe_api", "webhook_api", "node_api", "consumer", "mailer", "cron_executor"]
  private static let listeners = ["GRPC_LISTEN", "SUBSCRIBE_API_LISTEN", "WEBHOOK_API_LISTEN", "NODE_API_LISTEN"]

  private let folder: URL
  private let binary: URL
  private let environment: [String: String]
  private let addresses: [String: String]
  private let healthPorts: [String: Int]
  private let mailDirectory: String

  init(_ servers: LocalServers) throws {
    // SwiftPM puts executables beside the test bundle, which is the program that runs here.
    binary = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent("helium")
    try #require(FileManager.default.isExecutableFile(atPath: binary.path), "\(binary.path) is missing: build the package first")
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("main-job-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let key = folder.appendingPathComponent("master.key")
    try Data((0..<32).map { _ in UInt8.random(in: .min ... .max) }).base64EncodedData().write(to: key)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key.path)

    var ports = try LoopbackPorts.free(Self.listeners.count + Self.modes.count)
    addresses = Dictionary(uniqueKeysWithValues: Self.listeners.map { ($0, "127.0.0.1:\(ports.removeLast())") })
    healthPorts = Dictionary(uniqueKeysWithValues: Self.modes.map { ($0, ports.removeLast()) })
    mailDirectory = servers.mailDirectory.string
    environment = [
      "PATH": "/usr/bin:/bin", "DATABASE_URL": try #require(servers.databaseURL), "REDIS_URL": try #require(servers.redisURL),
      "MQ_URL": try #require(servers.mqURL), "SMTP_URL": "\(try #require(servers.smtpURL))?starttls=off",
      "HELIUM_MASTER_KEY_FILE": key.path, "HEALTH_CHECK_HOST": "127.0.0.1", "DATABASE_POOL_SIZE": "8", "LOG_FORMAT": "text",
      "SHUTDOWN_GRACE_SECONDS": "\(Self.graceSeconds)",
    ].merging(addresses) { $1 }
  }

  func remove() {
    try? FileManager.default.removeItem(at: folder)
  }

  /// Runs one command of the binary to its end.
  func helium(_ arguments: [String]) async throws -> ChildProcess.Result {
    try await ChildProcess(binary, arguments, environment: environment, in: folder).result()
  }

  /// Starts all workers, runs `body`, and ends those that it left running.
  func withWorkers(_ body: ([WorkerProcess]) async throws -> Void) async throws {
    var workers: [WorkerProcess] = []
    defer { workers.forEach { $0.kill() } }
    for mode in Self.modes {
      let port = try #require(healthPorts[mode])
      workers.append(
        WorkerProcess(
          mode: mode, healthPort: port,
          process: try ChildProcess(
            binary, ["serve", "--mode", mode], environment: environment.merging(["HEALTH_CHECK_PORT": "\(port)"]) { $1 }, in: folder)))
    }
    do {
      try await body(workers)
    } catch {
      workers.forEach { print($0.lastLines) }
      throw error
    }
  }

  /// Plays operator, customer, client and node agent from outside.
  func mainJob(invitation: String) async throws -> ChildProcess.Result {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Scripts/main_job.py")
    let python = ProcessInfo.processInfo.environment["HELIUM_PYTHON"] ?? "\(Self.repository)/.venv/bin/python3"
    let variables = [
      "PATH": "/usr/bin:/bin", "INVITATION": invitation, "MAIL_DIRECTORY": mailDirectory,
      "GRPC_ADDRESS": addresses["GRPC_LISTEN"] ?? "", "SUBSCRIBE_ADDRESS": addresses["SUBSCRIBE_API_LISTEN"] ?? "",
      "NODE_ADDRESS": addresses["NODE_API_LISTEN"] ?? "",
    ]
    return try await ChildProcess(URL(fileURLWithPath: python), [script.path], environment: variables, in: folder).result()
  }
}
