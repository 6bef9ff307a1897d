import FoundationEssentials
import Glibc
import LocalServers
import Postgres
import Subprocess
import SystemPackage

/// What the workers of one run share: private servers, a migrated database, the environment, and a
/// folder for what they print.
struct Installation: Sendable {
  let servers: LocalServers
  /// A client of the database, for filling it and asking what workers have done with it.
  let database: Database
  private let binary: FilePath
  private let folder: FilePath
  private let environment: [String: String]
  private let listeners: [Listener: Int]

  /// What is listened on, by the variable that says where.
  enum Listener: String, CaseIterable {
    case grpc = "GRPC_LISTEN"
    case subscribe = "SUBSCRIBE_API_LISTEN"
    case webhook = "WEBHOOK_API_LISTEN"
    case node = "NODE_API_LISTEN"
  }

  /// All modes but `all`, in which no worker is deployed.
  static let modes = [
    "grpc", "subscribe_api", "webhook_api", "node_api", "consumer", "mailer", "cron_executor",
  ]

  /// Migrates the database. `folder` takes the master key and the workers' logs.
  static func make(_ servers: LocalServers, in folder: FilePath) async throws -> Installation {
    let installation = try Installation(servers, folder: folder)
    _ = try await installation.helium(["migrate"])
    return installation
  }

  func close() async {
    await database.client.close()
  }

  private init(_ servers: LocalServers, folder: FilePath) throws {
    self.servers = servers
    self.folder = folder
    binary = try Program.built("helium")
    let url = try servers.databaseURL(of: "helium")
    database = try Database(url: url)
    let key = folder.appending("master.key").string
    var generator = SystemRandomNumberGenerator()
    let bytes = Data((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    try bytes.base64EncodedData().write(to: URL(filePath: key))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)

    let ports = try LoopbackPorts.free(Listener.allCases.count)
    listeners = Dictionary(uniqueKeysWithValues: zip(Listener.allCases, ports))
    environment = [
      "DATABASE_URL": url, "REDIS_URL": try servers.redisAddress(),
      "MQ_URL": try servers.brokerAddress(), "HELIUM_MASTER_KEY_FILE": key,
      "HEALTH_CHECK_HOST": "127.0.0.1",
    ].merging(listeners.map { ($0.key.rawValue, "127.0.0.1:\($0.value)") }) { $1 }
  }

  func port(of listener: Listener) -> Int {
    listeners[listener] ?? 0
  }

  /// Runs one command of the binary to its end.
  func helium(_ arguments: [String]) async throws -> String {
    try await Program.run(binary, arguments, environment: variables())
  }

  /// Runs `body` beside a worker that is ready, which then ends in good order. It gets one second
  /// to become ready in which nothing else that measures runs.
  func withWorker<R: Sendable>(_ mode: String, _ body: (Worker) async throws -> R) async throws -> R
  {
    let port = try LoopbackPorts.free(1)[0]
    let log = try FileDescriptor.open(
      folder.appending("\(mode).log"),
      .writeOnly,
      options: [.create, .truncate, .closeOnExec],
      permissions: .ownerReadWrite
    )
    let began = ContinuousClock.now
    let result = try await run(
      .path(binary),
      arguments: ["serve", "--mode", mode],
      environment: .inherit.updating(variables(["HEALTH_CHECK_PORT": "\(port)"])),
      input: .none,
      output: .fileDescriptor(log, closeAfterSpawningProcess: false),
      error: .fileDescriptor(log, closeAfterSpawningProcess: true)
    ) { execution in
      // The worker must end before this returns, whatever happened.
      defer { try? execution.send(signal: .terminate) }
      let worker = Worker(mode: mode, pid: execution.processIdentifier.value, healthPort: port)
      let readyAfter = try await worker.ready(since: began)
      return try await body(worker.started(in: readyAfter))
    }
    guard result.terminationStatus.isSuccess else {
      throw Program.Failure(description: "\(mode) ended with \(result.terminationStatus)")
    }
    return result.closureResult
  }

  /// Runs `body` beside several workers.
  func withWorkers<R: Sendable>(
    _ modes: ArraySlice<String>,
    started: [Worker] = [],
    _ body: ([Worker]) async throws -> R
  ) async throws -> R {
    guard let mode = modes.first else { return try await body(started) }
    return try await withWorker(mode) { worker in
      try await withWorkers(modes.dropFirst(), started: started + [worker], body)
    }
  }

  private func variables(_ more: [String: String] = [:]) -> [Environment.Key: String] {
    Dictionary(
      uniqueKeysWithValues: environment.merging(more) { $1 }.map {
        (Environment.Key(stringLiteral: $0.key), $0.value)
      }
    )
  }
}
