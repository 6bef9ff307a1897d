package import SystemPackage

extension LocalServers {
  /// The servers that can be started.
  package enum Kind: String, CaseIterable, Sendable {
    case postgres, redis, rabbitmq
    case mailSink = "mail-sink"

    /// The name people know the server by.
    package var title: String {
      switch self {
      case .postgres: "PostgreSQL"
      case .redis: "Redis"
      case .rabbitmq: "RabbitMQ"
      case .mailSink: "mail sink"
      }
    }

    func recipe(_ options: Options, in place: Place) async throws(StartError) -> any ServerRecipe {
      switch self {
      case .postgres: try PostgresServer(options, in: place)
      case .redis: try RedisServer(options, in: place)
      case .rabbitmq: try RabbitMQServer(options, in: place)
      case .mailSink: try await MailSink(options, in: place)
      }
    }
  }

  /// The port of each server; 0 takes any free one.
  package struct Ports: Sendable {
    package var postgres: Int
    package var redis: Int
    package var rabbitmq: Int
    package var smtp: Int

    package init(postgres: Int = 0, redis: Int = 0, rabbitmq: Int = 0, smtp: Int = 0) {
      self.postgres = postgres
      self.redis = redis
      self.rabbitmq = rabbitmq
      self.smtp = smtp
    }

    /// Any free port for each.
    package static let any = Ports()

    /// The usual ports plus 10000, so that they don't clash with servers that may already run on
    /// the machine.
    package static let standard = Ports(postgres: 15432, redis: 16379, rabbitmq: 15673, smtp: 11025)
  }

  /// What to start, where, and how.
  package struct Options: Sendable {
    /// Holds all data, logs and the lock. Made when absent.
    package var directory: FilePath
    package var kinds: Set<Kind>
    package var ports: Ports
    /// True: where a port is taken, any free one stands in for it.
    package var replacesTakenPorts: Bool
    /// True: removes what an earlier start left in the directory.
    package var startsFresh: Bool
    /// True: data survives a crash of the machine. False: full speed, no fsync, and a stop that
    /// doesn't wait.
    package var isDurable: Bool
    /// True: the directory is removed once the servers have ended, however they ended.
    package var removesDirectory: Bool
    /// Virtual hosts that RabbitMQ makes at its first start, besides `/`. About 15 ms each.
    package var virtualHosts: [String]
    /// Settings of PostgreSQL that go before those chosen here.
    package var postgresSettings: [String: String]
    /// Called with a line for people whenever something takes a while or is done.
    package var progress: @Sendable (String) -> Void

    package init(
      directory: FilePath,
      kinds: Set<Kind> = Set(Kind.allCases),
      ports: Ports = .any,
      replacesTakenPorts: Bool = false,
      startsFresh: Bool = false,
      isDurable: Bool = true,
      removesDirectory: Bool = false,
      virtualHosts: [String] = [],
      postgresSettings: [String: String] = [:],
      progress: @escaping @Sendable (String) -> Void = { _ in }
    ) {
      self.directory = directory
      self.kinds = kinds
      self.ports = ports
      self.replacesTakenPorts = replacesTakenPorts
      self.startsFresh = startsFresh
      self.isDurable = isDurable
      self.removesDirectory = removesDirectory
      self.virtualHosts = virtualHosts
      self.postgresSettings = postgresSettings
      self.progress = progress
    }
  }
}
