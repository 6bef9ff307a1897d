import Foundation
import Redis

/// A redis-server of a test's own, on a port of its own, that can be killed, stopped and started again.
///
/// A shell holds the server and kills it when its standard input ends, so that no server outlives the test process.
final class RedisServer {
  let port: Int
  private let directory: URL
  private let options: [String]
  private var shell: Process?
  private var lifeline: Pipe?
  private var pid: pid_t = 0

  init(options: [String] = [], tls: TestCertificate? = nil) async throws {
    port = try freePort()
    directory = FileManager.default.temporaryDirectory.appending(path: "redis-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    var all = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--enable-debug-command", "yes", "--dir", directory.path]
    if let tls {
      all += ["--port", "0", "--tls-port", "\(port)", "--tls-cert-file", tls.certificate, "--tls-key-file", tls.key]
      all += ["--tls-ca-cert-file", tls.certificate, "--tls-auth-clients", "no"]
    } else {
      all += ["--port", "\(port)"]
    }
    self.options = all + options
    try await start()
  }

  deinit {
    // The end of its input makes the shell kill the server.
    try? lifeline?.fileHandleForWriting.close()
    try? FileManager.default.removeItem(at: directory)
  }

  /// Starts the server and waits until it listens.
  func start() async throws {
    let shell = Process()
    let lifeline = Pipe()
    let output = Pipe()
    shell.executableURL = URL(filePath: "/bin/sh")
    shell.arguments =
      ["-c", "redis-server \"$@\" </dev/null >/dev/null 2>&1 & echo $!; read line; kill -9 $!; wait", "redis"] + options
    shell.standardInput = lifeline
    shell.standardOutput = output
    try shell.run()
    self.shell = shell
    self.lifeline = lifeline
    var line = ""
    while !line.hasSuffix("\n"), let more = try output.fileHandleForReading.read(upToCount: 1), !more.isEmpty {
      line += String(decoding: more, as: UTF8.self)
    }
    guard let pid = pid_t(line.trimmingCharacters(in: .whitespacesAndNewlines)) else { throw Failure.notStarted }
    self.pid = pid
    for _ in 0..<500 {
      if isListening(port) { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw Failure.notStarted
  }

  /// Ends the server as if the machine had lost its power.
  func kill9() async throws {
    kill(pid, SIGKILL)
    try? lifeline?.fileHandleForWriting.close()
    shell?.waitUntilExit()
  }

  /// Holds the server up without closing its connections.
  func suspend() { kill(pid, SIGSTOP) }

  /// Lets a suspended server go on.
  func resume() { kill(pid, SIGCONT) }

  func configuration(password: String? = nil, scheme: String = "redis", query: String = "") throws -> RedisConfiguration {
    try RedisConfiguration(url: "\(scheme)://\(password.map { ":\($0)@" } ?? "")127.0.0.1:\(port)/0\(query)")
  }

  /// Runs the test with a client of the server, which is closed afterwards.
  func withClient(
    _ configure: (inout RedisConfiguration) -> Void = { _ in }, _ body: (RedisClient) async throws -> Void
  ) async throws {
    var configuration = try configuration()
    configuration.commandTimeout = .seconds(10)
    configure(&configuration)
    try await withRedisClient(configuration, body)
  }

  enum Failure: Error {
    case notStarted
  }
}

/// Runs the body with a client, which is closed afterwards.
func withRedisClient(_ configuration: RedisConfiguration, _ body: (RedisClient) async throws -> Void) async throws {
  let client = RedisClient(configuration: configuration)
  do {
    try await body(client)
  } catch {
    await client.close()
    throw error
  }
  await client.close()
}

/// A self-signed certificate for 127.0.0.1, in files.
final class TestCertificate {
  private let directory: URL
  var certificate: String { directory.appending(path: "cert.pem").path }
  var key: String { directory.appending(path: "key.pem").path }

  init() throws {
    directory = FileManager.default.temporaryDirectory.appending(path: "redis-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let openssl = Process()
    openssl.executableURL = URL(filePath: "/usr/bin/env")
    openssl.arguments = [
      "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
      "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", key, "-out", certificate,
    ]
    openssl.standardError = FileHandle.nullDevice
    try openssl.run()
    openssl.waitUntilExit()
    guard openssl.terminationStatus == 0 else { throw RedisServer.Failure.notStarted }
  }

  deinit {
    try? FileManager.default.removeItem(at: directory)
  }
}
