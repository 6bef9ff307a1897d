import FoundationEssentials
import LocalServers
import SystemPackage

/// Where the data of `helium dev` is: in private servers, but for what the environment names.
struct DevStores: Sendable {
  let servers: LocalServers
  /// What every worker is told.
  let environment: [String: String]
  /// Whether the database is a private one.
  let ownsDatabase: Bool
  /// Where the mail sink puts mail; nil where mail goes to a server of the environment.
  let mailDirectory: FilePath?

  /// Variables that stand in for a private server.
  private static let variables: [(name: String, kind: LocalServers.Kind)] = [
    ("DATABASE_URL", .postgres), ("REDIS_URL", .redis), ("MQ_URL", .rabbitmq),
    ("SMTP_URL", .mailSink),
  ]

  /// Starts the servers that `environment` doesn't name. A URL of the directory's own servers, from
  /// its `env.sh`, names none.
  static func start(
    in directory: FilePath,
    fresh: Bool,
    ports: LocalServers.Ports,
    environment: [String: String],
    _ say: @escaping @Sendable (String) -> Void
  ) async throws -> DevStores {
    let named = variables.filter { variable in
      environment[variable.name].map { !$0.isEmpty && !LocalServers.isOwn($0, in: directory) }
        ?? false
    }
    let kinds = variables.map(\.kind).filter { kind in !named.contains { $0.kind == kind } }
    for variable in named { say("using \(variable.kind.title) from \(variable.name)") }
    if fresh, named.contains(where: { $0.kind == .postgres }) { throw FreshNeedsOwnDatabase() }
    let servers = kinds.filter { $0 != .mailSink }.map(\.title)
    if !servers.isEmpty {
      say("starting private \(servers.joined(separator: ", ")) in \(directory)")
    }
    let started = try await LocalServers.start(
      LocalServers.Options(
        directory: directory,
        kinds: Set(kinds),
        ports: ports,
        replacesTakenPorts: true,
        startsFresh: fresh,
        progress: { say("  \($0)") }
      )
    )
    var urls: [String: String] = [:]
    for variable in named { urls[variable.name] = environment[variable.name] }
    urls["DATABASE_URL"] = started.databaseURL ?? urls["DATABASE_URL"]
    urls["REDIS_URL"] = started.redisURL ?? urls["REDIS_URL"]
    urls["MQ_URL"] = started.mqURL ?? urls["MQ_URL"]
    urls["SMTP_URL"] = started.smtpURL.map { "\($0)?starttls=off" } ?? urls["SMTP_URL"]
    do {
      urls["HELIUM_MASTER_KEY_FILE"] = try masterKey(
        in: directory,
        started.databaseURL == nil ? environment : [:]
      )
    } catch {
      await started.stop()
      throw error
    }
    return DevStores(
      servers: started,
      environment: urls,
      ownsDatabase: started.databaseURL != nil,
      mailDirectory: started.smtpURL == nil ? nil : started.mailDirectory
    )
  }

  /// A named database comes with the key of the environment, if there is one; else the key is the
  /// directory's, made at the first run.
  private static func masterKey(in directory: FilePath, _ environment: [String: String]) throws
    -> String
  {
    if let path = environment["HELIUM_MASTER_KEY_FILE"], !path.isEmpty { return path }
    let path = directory.appending("master.key")
    if !FileManager.default.fileExists(atPath: path.string) {
      var generator = SystemRandomNumberGenerator()
      let key = Data((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
      try path.writePrivately(key.base64EncodedString())
    }
    return path.string
  }
}

/// Data of a named database is never dropped.
struct FreshNeedsOwnDatabase: Error, CustomStringConvertible {
  var description: String {
    "--fresh only deletes the data of private servers: unset DATABASE_URL, or leave out --fresh"
  }
}
