import Foundation
import Glibc
import Testing

/// `helium dev` as a program beside the test, in a folder of its own.
final class DevRun {
  /// What the tests read of `dev.json`.
  struct File: Decodable {
    struct Worker: Decodable {
      let address: String?
      let health: String
      let pid: pid_t
    }

    struct Customer: Decodable, Equatable {
      let email: String
      let password: String
      let subscriptionUrl: String?
      let nodeUserId: Int
    }

    struct Node: Decodable, Equatable {
      let id: Int
      let type: String
      let token: String
    }

    let workers: [String: Worker]
    let databaseUrl: String
    let redisUrl: String
    let mqUrl: String
    let mailDirectory: String?
    let admin: [String: String]
    let customer: Customer
    let nodes: [Node]
  }

  /// Only what never ends is a failure: the machine may be building beside the test.
  private static let patience = 300.0

  let folder: URL
  private let process = Process()
  private let log: URL

  static let binary: URL = {
    // SwiftPM puts executables beside the test bundle, which is the program that runs here.
    let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    return tests.deletingLastPathComponent().appendingPathComponent("helium")
  }()

  /// Runs a test with a folder that the users of servers can reach; it isn't there yet.
  static func withFolder(_ body: (URL) async throws -> Void) async throws {
    let folder = URL(fileURLWithPath: "/var/tmp/helium-test-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(folder)
  }

  init(_ arguments: [String], in folder: URL, environment: [String: String] = [:]) throws {
    try #require(
      FileManager.default.isExecutableFile(atPath: Self.binary.path),
      "\(Self.binary.path) is missing: build the package first"
    )
    self.folder = folder
    log = folder.appendingPathExtension("\(UUID().uuidString).log")
    try Data().write(to: log)
    process.executableURL = Self.binary
    process.arguments = ["dev", "--data", folder.path] + arguments
    process.environment = ProcessInfo.processInfo.environment.filter {
      ["PATH", "HOME", "HELIUM_PYTHON"].contains($0.key)
    }
    .merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    let output = try FileHandle(forWritingTo: log)
    process.standardOutput = output
    process.standardError = output
    try process.run()
  }

  deinit {
    if process.isRunning { Glibc.kill(process.processIdentifier, SIGKILL) }
    try? FileManager.default.removeItem(at: log)
  }

  var output: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

  private var path: URL { folder.appendingPathComponent("dev.json") }

  var hasFile: Bool { FileManager.default.fileExists(atPath: path.path) }

  /// `dev.json`, which is there when every worker is ready.
  func file(where isExpected: (File) -> Bool = { _ in true }) async throws -> File {
    let deadline = Date() + Self.patience
    while Date() < deadline, process.isRunning {
      if let data = try? Data(contentsOf: path) {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let file = try decoder.decode(File.self, from: data)
        if isExpected(file) { return file }
      }
      try await Task.sleep(for: .milliseconds(100))
    }
    throw Failure(log: output)
  }

  /// Sends SIGTERM; the exit status.
  func stop() async throws -> Int32 {
    process.terminate()
    return try await end()
  }

  /// Waits for the end; the exit status.
  func end() async throws -> Int32 {
    let deadline = Date() + Self.patience
    while process.isRunning {
      guard Date() < deadline else { throw Failure(log: output) }
      try await Task.sleep(for: .milliseconds(50))
    }
    return process.terminationStatus
  }

  /// Runs a line of shell that has read `env.sh`; its output and exit status.
  func shell(_ line: String) async throws -> (output: String, status: Int32) {
    let shell = Process()
    let file = folder.appendingPathComponent("shell.out")
    try Data().write(to: file)
    let output = try FileHandle(forWritingTo: file)
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-c", ". \(folder.path)/env.sh; \(line)"]
    shell.environment = ["PATH": "/usr/bin:/bin"]
    shell.standardInput = FileHandle.nullDevice
    shell.standardOutput = output
    shell.standardError = output
    try shell.run()
    while shell.isRunning { try await Task.sleep(for: .milliseconds(20)) }
    return (try String(contentsOf: file, encoding: .utf8), shell.terminationStatus)
  }

  struct Failure: Error, CustomStringConvertible {
    let log: String

    var description: String { log.split(separator: "\n").suffix(40).joined(separator: "\n") }
  }

  /// Whether it runs: one that has ended may still have to be waited for by somebody.
  static func isAlive(_ pid: pid_t) -> Bool {
    let stat = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
    guard let end = stat.lastIndex(of: ")") else { return false }
    return !stat[end...].hasPrefix(") Z")
  }
}
