import Foundation
import Redis

/// A redis-server of a test's own, on a port of its own, that can be killed, held up and started
/// again.
final class RedisServer {
  private(set) var port = 0
  private let directory: TemporaryDirectory
  private let options: [String]
  private let certificate: TestCertificate?
  private var process: ChildProcess?

  init(options: [String] = [], tls certificate: TestCertificate? = nil) async throws {
    directory = try TemporaryDirectory()
    self.options = options
    self.certificate = certificate
    // Between its choice and its use, another process may have taken the port.
    for isLast in [false, false, true] {
      port = try freePort()
      do {
        try await start()
        return
      } catch {
        if isLast { throw error }
      }
    }
  }

  private var arguments: [String] {
    var arguments = ["redis-server", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    arguments += ["--dir", directory.path, "--logfile", "log"]
    if let certificate {
      arguments += [
        "--port", "0", "--tls-port", "\(port)", "--tls-auth-clients", "no", "--tls-key-file",
        certificate.key,
      ]
      arguments += [
        "--tls-cert-file", certificate.certificate, "--tls-ca-cert-file", certificate.certificate,
      ]
    } else {
      arguments += ["--port", "\(port)"]
    }
    return arguments + options
  }

  /// Starts the server and waits until it listens.
  func start() async throws {
    process = try ChildProcess(arguments)
    for _ in 0..<500 {
      if isListening(port) { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    let log = try? String(contentsOfFile: directory.path + "/log", encoding: .utf8)
    throw ChildProcess.Failure.notStarted(log ?? "no log")
  }

  /// Ends the server as if the machine had lost its power.
  func kill9() { process?.end() }

  /// Holds the server up without closing its connections.
  func suspend() { process?.send(SIGSTOP) }

  /// Lets a suspended server go on.
  func resume() { process?.send(SIGCONT) }

  func configuration(password: String? = nil, scheme: String = "redis", query: String = "") throws
    -> RedisConfiguration
  {
    try RedisConfiguration(
      url: "\(scheme)://\(password.map { ":\($0)@" } ?? "")127.0.0.1:\(port)/0\(query)"
    )
  }

  /// Runs the test with a client of the server, which is closed afterwards.
  func withClient(
    _ configure: (inout RedisConfiguration) -> Void = { _ in },
    _ body: (RedisClient) async throws -> Void
  ) async throws {
    var configuration = try configuration()
    configuration.commandTimeout = .seconds(10)
    configure(&configuration)
    try await withRedisClient(configuration, body)
  }
}

/// Runs the body with a client, which is closed afterwards.
func withRedisClient(
  _ configuration: RedisConfiguration,
  _ body: (RedisClient) async throws -> Void
) async throws {
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
  private let directory: TemporaryDirectory
  var certificate: String { directory.path + "/cert.pem" }
  var key: String { directory.path + "/key.pem" }

  init() throws {
    directory = try TemporaryDirectory()
    let hasSucceeded = try run([
      "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
      "-nodes", "-days", "2", "-subj",
      "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", key,
      "-out", certificate,
    ])
    guard hasSucceeded else { throw ChildProcess.Failure.notStarted("openssl") }
  }
}

/// A directory that is removed when nobody needs it any more.
final class TemporaryDirectory {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(
      path: "redis-tests-\(UUID().uuidString)"
    )
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }
}
