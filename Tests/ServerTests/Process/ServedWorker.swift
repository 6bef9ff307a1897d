import Foundation
import Glibc
import LocalServers
import TestKit
import Testing
import WorldKit

/// `helium serve` as a child process of the test, on ports that the system chooses.
final class ServedWorker {
  private let process = Process()
  private let log: URL

  /// What a worker needs, and where it finds it.
  static func environment(database: String, redis: String, broker: String, in folder: URL) throws
    -> [String: String]
  {
    let key = folder.appending(path: "master.key")
    try Data(repeating: 7, count: 32).base64EncodedData().write(to: key)
    return [
      "DATABASE_URL": database, "REDIS_URL": redis, "MQ_URL": broker,
      "HELIUM_MASTER_KEY_FILE": key.path, "LOG_FORMAT": "json",
      "HEALTH_CHECK_HOST": "127.0.0.1", "HEALTH_CHECK_PORT": "0", "GRPC_LISTEN": "127.0.0.1:0",
      "SUBSCRIBE_API_LISTEN": "127.0.0.1:0",
      "NODE_API_LISTEN": "127.0.0.1:0", "WEBHOOK_API_LISTEN": "127.0.0.1:0",
      "DATABASE_POOL_SIZE": "4", "SHUTDOWN_GRACE_SECONDS": "60",
    ]
  }

  init(_ mode: String, environment: [String: String], in folder: URL) throws {
    log = folder.appending(path: "\(UUID().uuidString).log")
    try Data().write(to: log)
    // SwiftPM puts executables beside the test bundle, which is the program that runs here.
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: "helium")
    process.arguments = ["serve", "--mode", mode]
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: log)
    try process.run()
  }

  /// Everything that it has written.
  var output: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

  func terminate() {
    process.terminate()
  }

  func kill() {
    if process.isRunning { Glibc.kill(process.processIdentifier, SIGKILL) }
  }

  /// Waits for the end; the exit status.
  func status() async throws -> Int32 {
    while process.isRunning { try await Task.sleep(for: .milliseconds(20)) }
    return process.terminationStatus
  }

  /// Waits until it says where it serves `purpose`; the port.
  func port(of purpose: String) async throws -> Int {
    let pattern = try Regex(
      "serving \(purpose) on [^\"]*:([0-9]+)",
      as: (Substring, Substring).self
    )
    while true {
      if let match = output.firstMatch(of: pattern), let port = Int(match.output.1) { return port }
      try #require(process.isRunning, "\(output)")
      try await Task.sleep(for: .milliseconds(20))
    }
  }
}

/// Runs a test with a folder of its own.
func withFolder(_ body: (URL) async throws -> Void) async throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: "worker-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  do {
    try await body(folder)
  } catch {
    try? FileManager.default.removeItem(at: folder)
    throw error
  }
  try? FileManager.default.removeItem(at: folder)
}

/// Runs a test with a migrated database, a Redis database and a virtual host, and the environment
/// that names them.
func withWorkerEnvironment(
  _ body: (_ environment: [String: String], _ database: TestDatabase, _ folder: URL) async throws ->
    Void
) async throws {
  try await withFolder { folder in
    try await withTestDatabase(migratedTemplate) { database in
      let (redis, messaging) = (try await TestRedis.make(), try await TestMessaging.make())
      let environment = try ServedWorker.environment(
        database: database.url,
        redis: redis.url,
        broker: messaging.url,
        in: folder
      )
      try await body(environment, database, folder)
    }
  }
}
