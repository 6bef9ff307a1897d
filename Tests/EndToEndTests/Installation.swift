import Foundation
import LocalServers
import SystemPackage
import Testing

/// A folder with what all processes of one installation share, and the ways to start them.
struct Installation {
  /// As long as a worker may take to finish what it is doing.
  static let graceSeconds = 20
  static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
    .deletingLastPathComponent().path
  static let modes = [
    "grpc", "subscribe_api", "webhook_api", "node_api", "consumer", "mailer", "cron_executor",
  ]
  /// Second workers of a mode, for tests that want two.
  static let twins = ["node_api-2", "consumer-2"]

  /// The interpreter of Scripts/.
  static let python =
    ProcessInfo.processInfo.environment["HELIUM_PYTHON"] ?? "\(repository)/.venv/bin/python3"

  private static let listeners = [
    "GRPC_LISTEN", "SUBSCRIBE_API_LISTEN", "WEBHOOK_API_LISTEN", "NODE_API_LISTEN",
  ]

  /// Where an installation keeps everything.
  struct Stores {
    let databaseURL: String
    let redisURL: String
    let mqURL: String
    let smtpURL: String
    let mailDirectory: String
  }

  let folder: URL
  let stores: Stores
  private let binary: URL
  private let masterKey: URL
  private let environment: [String: String]
  private let addresses: [String: String]
  private let secondNodeAddress: String
  private let healthPorts: [String: Int]

  init(_ servers: LocalServers) throws {
    try self.init(
      Stores(
        databaseURL: #require(servers.databaseURL),
        redisURL: #require(servers.redisURL),
        mqURL: #require(servers.mqURL),
        smtpURL: #require(servers.smtpURL),
        mailDirectory: servers.mailDirectory.string
      )
    )
  }

  init(_ stores: Stores) throws {
    // SwiftPM puts executables beside the test bundle, which is the program that runs here.
    binary = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent("helium")
    try #require(
      FileManager.default.isExecutableFile(atPath: binary.path),
      "\(binary.path) is missing: build the package first"
    )
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "end-to-end-\(UUID().uuidString)"
    )
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    masterKey = folder.appendingPathComponent("master.key")
    try Data((0..<32).map { _ in UInt8.random(in: .min ... .max) }).base64EncodedData().write(
      to: masterKey
    )
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: masterKey.path)

    let workers = Self.modes + Self.twins
    var ports = try LoopbackPorts.free(Self.listeners.count + workers.count + 1)
    addresses = Dictionary(
      uniqueKeysWithValues: Self.listeners.map { ($0, "127.0.0.1:\(ports.removeLast())") }
    )
    secondNodeAddress = "127.0.0.1:\(ports.removeLast())"
    healthPorts = Dictionary(uniqueKeysWithValues: workers.map { ($0, ports.removeLast()) })
    self.stores = stores
    environment = [
      "PATH": "/usr/bin:/bin", "DATABASE_URL": stores.databaseURL, "REDIS_URL": stores.redisURL,
      "MQ_URL": stores.mqURL,
      "SMTP_URL": "\(stores.smtpURL)?starttls=off", "HELIUM_MASTER_KEY_FILE": masterKey.path,
      "HEALTH_CHECK_HOST": "127.0.0.1",
      "DATABASE_POOL_SIZE": "8", "LOG_FORMAT": "text",
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

  /// Brings the database's schema up to date.
  func migrate() async throws {
    let migrated = try await helium(["migrate", "--directory", "\(Self.repository)/migrations"])
    try #require(migrated.status == 0, "\(migrated.error)")
  }

  /// A token by which the first operator registers.
  func invitation() async throws -> String {
    let invited = try await helium(["admin", "invite", "--role", "SuperAdmin"])
    try #require(invited.status == 0, "\(invited.error)")
    return invited.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Starts one worker.
  /// - Parameters:
  ///   - name: its mode, or one of `twins`.
  ///   - fault: the point at which it dies, see `FaultPoint`.
  func start(_ name: String, fault: String? = nil) throws -> WorkerProcess {
    let port = try #require(healthPorts[name])
    let mode = String(name.prefix { $0 != "-" })
    var variables = environment
    if name != mode { variables["NODE_API_LISTEN"] = secondNodeAddress }
    variables["HEALTH_CHECK_PORT"] = "\(port)"
    variables["HELIUM_FAULT"] = fault
    return WorkerProcess(
      mode: name,
      healthPort: port,
      process: try ChildProcess(
        binary,
        ["serve", "--mode", mode],
        environment: variables,
        in: folder
      )
    )
  }

  /// Starts all workers, runs `body`, and ends those that it left running.
  func withWorkers(_ body: ([WorkerProcess]) async throws -> Void) async throws {
    var workers: [WorkerProcess] = []
    defer { workers.forEach { $0.kill() } }
    for mode in Self.modes { workers.append(try start(mode)) }
    do {
      try await body(workers)
    } catch {
      workers.forEach { print($0.lastLines) }
      throw error
    }
  }

  /// Starts a script of Scripts/, which plays callers from outside.
  func script(_ name: String, _ arguments: [String] = [], _ variables: [String: String] = [:])
    throws -> ChildProcess
  {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "Scripts/\(name).py"
    )
    let environment = [
      "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1",
      "TOOLS": "\(Self.repository)/.venv/bin",
      "MAIL_DIRECTORY": stores.mailDirectory, "GRPC_ADDRESS": addresses["GRPC_LISTEN"] ?? "",
      "SUBSCRIBE_ADDRESS": addresses["SUBSCRIBE_API_LISTEN"] ?? "",
      "NODE_ADDRESS": addresses["NODE_API_LISTEN"] ?? "",
      "NODE_ADDRESSES": "\(addresses["NODE_API_LISTEN"] ?? ""),\(secondNodeAddress)",
      "DATABASE_URL": stores.databaseURL, "MASTER_KEY_FILE": masterKey.path,
      "HEALTH_PORTS": String(
        decoding: try JSONEncoder().encode(healthPorts.filter { Self.modes.contains($0.key) }),
        as: UTF8.self
      ),
    ]
    return try ChildProcess(
      URL(fileURLWithPath: Self.python),
      [script.path] + arguments,
      environment: environment.merging(variables) { $1 },
      in: folder
    )
  }

  /// Plays operator, customer, client and node agent from outside.
  func mainJob(invitation: String) async throws -> ChildProcess.Result {
    try await script("main_job", [], ["INVITATION": invitation]).result()
  }
}
