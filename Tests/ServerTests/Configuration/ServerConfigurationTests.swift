import Configuration
import FoundationEssentials
import HTTPEdge
import Logging
import Platform
import Postgres
import Redis
import Testing

@testable import Server

@Suite struct ServerConfigurationTests {
  private static let complete = [
    "WORK_MODE": "all", "DATABASE_URL": "postgres://helium:secret@127.0.0.1:5432/helium",
    "REDIS_URL": "redis://127.0.0.1:6379",
    "MQ_URL": "amqp://helium:secret@127.0.0.1:5672/",
  ]

  private func read(_ variables: [String: String], mode: WorkMode? = nil) throws
    -> ServerConfiguration
  {
    let values = variables.map { name, text in
      (
        AbsoluteConfigKey(name.lowercased().split(separator: "_").map(String.init)),
        ConfigValue(.string(text), isSecret: false)
      )
    }
    return try ServerConfiguration(
      ConfigReader(provider: InMemoryProvider(values: Dictionary(uniqueKeysWithValues: values))),
      mode: mode
    )
  }

  /// Runs a test with the complete environment and `changes`, and a file with a master key.
  private func withEnvironment(
    _ changes: [String: String] = [:],
    _ body: ([String: String]) throws -> Void
  ) throws {
    let file = FileManager.default.temporaryDirectory.appending(
      path: "master-\(UUID().uuidString).key"
    ).path
    try #require(
      FileManager.default.createFile(
        atPath: file,
        contents: Data("AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n".utf8)
      )
    )
    defer { try? FileManager.default.removeItem(atPath: file) }
    try body(Self.complete.merging(["HELIUM_MASTER_KEY_FILE": file]) { $1 }.merging(changes) { $1 })
  }

  private func problems(_ variables: [String: String]) -> [ConfigurationProblem] {
    #expect(throws: ConfigurationError.self) { try read(variables) }?.problems ?? []
  }

  @Test func `what isn't set has its default`() throws {
    try withEnvironment { environment in
      let configuration = try read(environment)
      #expect(configuration.mode == .all)
      #expect(configuration.database.poolSize == 10)
      #expect(configuration.healthPort == 9_090)
      #expect(configuration.grpcListen == ListenAddress(host: "0.0.0.0", port: 50_051))
      #expect(configuration.tls == nil)
      #expect(configuration.tenant == "default")
      #expect(configuration.redis.keyPrefix == "default:")
      #expect(configuration.logLevel == .info)
      #expect(configuration.logFormat == .json)
      #expect(configuration.grace == .seconds(25))
      #expect(configuration.trustedProxies.blocks.isEmpty)
    }
  }

  @Test func `what is set is read`() throws {
    let changes = [
      "WORK_MODE": "cron_executor", "DATABASE_POOL_SIZE": "3", "HEALTH_CHECK_PORT": "0",
      "NODE_API_LISTEN": "[::1]:99", "TENANT_ID": "acme",
      "LOG_LEVEL": "debug", "LOG_FORMAT": "text", "SHUTDOWN_GRACE_SECONDS": "7",
      "TRUSTED_PROXIES": "10.0.0.0/8, fd00::/8",
    ]
    try withEnvironment(changes) { environment in
      let configuration = try read(environment)
      #expect(configuration.mode == .cronExecutor)
      #expect(configuration.database.poolSize == 3)
      #expect(configuration.healthPort == 0)
      #expect(configuration.nodeListen == ListenAddress(host: "::1", port: 99))
      #expect(configuration.redis.keyPrefix == "acme:")
      #expect(configuration.logLevel == .debug)
      #expect(configuration.logFormat == .text)
      #expect(configuration.grace == .seconds(7))
      #expect(configuration.trustedProxies.blocks.count == 2)
    }
  }

  @Test func `an empty environment names every variable it needs, each with an example`() {
    let problems = problems([:])
    #expect(
      problems.map(\.variable) == [
        "WORK_MODE", "DATABASE_URL", "REDIS_URL", "MQ_URL", "HELIUM_MASTER_KEY_FILE",
      ]
    )
    #expect(problems.allSatisfy { $0.problem.hasPrefix("is not set") && !$0.example.isEmpty })
    let text = ConfigurationError(problems: problems).description
    #expect(
      text.contains(
        "DATABASE_URL: is not set, e.g. DATABASE_URL=postgres://helium:secret@127.0.0.1:5432/helium"
      )
    )
  }

  @Test func `everything that is malformed is named at once, with what was found`() {
    let problems = problems([
      "WORK_MODE": "every", "DATABASE_URL": "postgres://h/x", "REDIS_URL": "http://x",
      "MQ_URL": "x", "DATABASE_POOL_SIZE": "0",
      "HEALTH_CHECK_PORT": "65536", "GRPC_LISTEN": "50051", "TLS_CERT_FILE": "/cert.pem",
      "LOG_LEVEL": "loud", "LOG_FORMAT": "xml",
      "SHUTDOWN_GRACE_SECONDS": "soon", "TRUSTED_PROXIES": "10.0.0.0/33",
      "HELIUM_MASTER_KEY_FILE": "/nothing/there",
    ])
    #expect(
      Set(problems.map(\.variable)) == [
        "WORK_MODE", "REDIS_URL", "MQ_URL", "DATABASE_POOL_SIZE", "HEALTH_CHECK_PORT",
        "GRPC_LISTEN", "TLS_KEY_FILE", "LOG_LEVEL",
        "LOG_FORMAT", "SHUTDOWN_GRACE_SECONDS", "TRUSTED_PROXIES", "HELIUM_MASTER_KEY_FILE",
      ]
    )
    #expect(problems.first { $0.variable == "WORK_MODE" }?.problem.contains("“every”") == true)
    #expect(
      problems.first { $0.variable == "DATABASE_POOL_SIZE" }?.problem
        == "must be a whole number from 1 to 1000, not “0”"
    )
    #expect(
      problems.first { $0.variable == "TRUSTED_PROXIES" }?.problem
        == "“10.0.0.0/33” is not a CIDR block"
    )
  }

  @Test func `a wrong pool size is named beside a wrong database URL`() {
    let problems = problems(["DATABASE_URL": "mysql://x", "DATABASE_POOL_SIZE": "0"])
    #expect(Set(problems.map(\.variable)).isSuperset(of: ["DATABASE_URL", "DATABASE_POOL_SIZE"]))
  }

  @Test func `a password in a URL isn't said in a problem`() {
    let problems = problems([
      "DATABASE_URL": "mysql://helium:hunter2@x/y", "REDIS_URL": "redis://:hunter2@x:port",
      "MQ_URL": "http://a:hunter2@x",
    ])
    #expect(problems.count == 5)
    #expect(!ConfigurationError(problems: problems).description.contains("hunter2"))
  }

  @Test func `an empty variable is one that isn't set`() throws {
    try withEnvironment(["TENANT_ID": "", "HEALTH_CHECK_PORT": ""]) { environment throws in
      #expect(try read(environment).tenant == "default")
    }
    try withEnvironment(["MQ_URL": ""]) { environment in
      #expect(problems(environment).map(\.variable) == ["MQ_URL"])
    }
  }

  @Test func `the mode of a command goes before that of the environment`() throws {
    try withEnvironment(["WORK_MODE": "every"]) { environment throws in
      #expect(try read(environment, mode: .grpc).mode == .grpc)
    }
  }

  @Test func `a master key of the wrong length is refused`() throws {
    let file = FileManager.default.temporaryDirectory.appending(
      path: "short-\(UUID().uuidString).key"
    ).path
    try #require(FileManager.default.createFile(atPath: file, contents: Data("AQEB".utf8)))
    defer { try? FileManager.default.removeItem(atPath: file) }
    let problems = problems(Self.complete.merging(["HELIUM_MASTER_KEY_FILE": file]) { $1 })
    #expect(problems.map(\.variable) == ["HELIUM_MASTER_KEY_FILE"])
    #expect(problems.first?.problem.contains("3 bytes instead of 32") == true)
  }

  @Test func `all is every worker, every other mode is itself`() {
    #expect(WorkMode.all.workers.count == WorkMode.allCases.count - 1)
    #expect(!WorkMode.all.workers.contains(.all))
    #expect(WorkMode.nodeAPI.workers == [.nodeAPI])
  }
}
