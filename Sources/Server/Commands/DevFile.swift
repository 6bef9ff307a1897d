import FoundationEssentials
import Glibc
import LocalServers
import Platform
import SystemPackage

/// `dev.json`: what scripts need to know of a running `helium dev`.
struct DevFile: Sendable, Encodable {
  struct Worker: Sendable, Encodable {
    /// `host:port`; nil for a worker that serves nothing.
    let address: String?
    let health: String
    let pid: Int32?
  }

  private let workers: [String: Worker]
  private let databaseURL: String?
  private let redisURL: String?
  private let mqURL: String?
  private let mailDirectory: String?
  private let admin: DemoInstallation.Operator
  private let customer: DemoInstallation.Customer
  private let nodes: [DemoInstallation.Node]

  private enum CodingKeys: String, CodingKey {
    case workers, admin, customer, nodes
    case databaseURL = "database_url"
    case redisURL = "redis_url"
    case mqURL = "mq_url"
    case mailDirectory = "mail_directory"
  }

  init(
    _ stores: DevStores,
    _ ports: DevPorts,
    _ demo: DemoInstallation,
    processes: [WorkMode: Int32]
  ) {
    let workers = ports.health.map { mode, port in
      (
        mode.rawValue,
        Worker(
          address: ports.serving[mode].map { "127.0.0.1:\($0)" },
          health: "http://127.0.0.1:\(port)",
          pid: processes[mode]
        )
      )
    }
    self.workers = Dictionary(uniqueKeysWithValues: workers)
    databaseURL = stores.environment["DATABASE_URL"]
    redisURL = stores.environment["REDIS_URL"]
    mqURL = stores.environment["MQ_URL"]
    mailDirectory = stores.mailDirectory?.string
    admin = demo.admin
    customer = demo.customer
    nodes = demo.nodes
  }

  static func path(in directory: FilePath) -> FilePath { directory.appending("dev.json") }

  /// Puts the file in place in one step.
  func write(in directory: FilePath) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try Self.path(in: directory).writePrivately(
      String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    )
  }

  static func remove(in directory: FilePath) {
    _ = unlink(path(in: directory).string)
  }
}

/// `env.sh`: what a shell needs to run the other commands on a running `helium dev`.
struct DevEnvironment {
  let variables: [String: String]

  init(_ stores: DevStores, _ ports: DevPorts) {
    var variables = stores.environment.filter {
      ["DATABASE_URL", "REDIS_URL", "MQ_URL", "HELIUM_MASTER_KEY_FILE"].contains($0.key)
    }
    for (mode, port) in ports.serving {
      if let variable = mode.listenVariable { variables[variable] = "127.0.0.1:\(port)" }
    }
    self.variables = variables
  }

  static func path(in directory: FilePath) -> FilePath { directory.appending("env.sh") }

  /// Also puts the folder of this program first in the path.
  func write(in directory: FilePath) throws {
    let folder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().path
    var lines = variables.sorted { $0.key < $1.key }.map {
      "export \($0.key)=\(Self.quoted($0.value))"
    }
    lines.append("export PATH=\(Self.quoted(folder)):\"$PATH\"")
    try Self.path(in: directory).writePrivately(lines.joined(separator: "\n") + "\n")
  }

  /// As one word of a POSIX shell.
  static func quoted(_ text: String) -> String {
    "'\(text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#))'"
  }
}
