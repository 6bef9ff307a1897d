import Glibc
import SystemPackage

/// Redis of Debian's package.
struct RedisServer: ServerRecipe {
  private let options: LocalServers.Options
  private let place: Place
  private let account: Account?
  private let port: Int

  private static let executable = "/usr/bin/redis-server"
  /// Far more than tests run at once, each with a database of its own.
  private static let databases = 4_096

  private var folder: FilePath { place.directory.appending("redis") }
  private var configuration: FilePath { folder.appending("redis.conf") }

  init(_ options: LocalServers.Options, in place: Place) throws(LocalServers.StartError) {
    self.options = options
    self.place = place
    guard access(RedisServer.executable, X_OK) == 0 else {
      throw .missingPrograms(packages: ["redis-server"])
    }
    account = try LocalServers.Kind.redis.account("redis", package: "redis-server")
    port = try LocalServers.Kind.redis.port(options.ports.redis, options)
  }

  var url: String { "redis://:\(place.password)@127.0.0.1:\(port)/0" }

  func prepare() async throws(LocalServers.StartError) {
    _ = try place.folder("redis", owner: account)
    let text = """
      bind 127.0.0.1
      port \(port)
      requirepass \(place.password)
      dir "\(folder)"
      databases \(RedisServer.databases)
      save ""
      appendonly \(options.isDurable ? "yes" : "no")
      appendfsync everysec

      """
    do throws(Errno) {
      try configuration.write(text, mode: .privateFile, owner: account)
    } catch {
      throw .directoryUnusable(folder, reason: "\(error)")
    }
  }

  func start() async throws(LocalServers.StartError) -> [Supervisor] {
    let began = ContinuousClock.now
    let program = ServerProgram(
      kind: .redis,
      name: "redis",
      command: [RedisServer.executable, configuration.string],
      environment: ServerProgram.environment(home: folder),
      folder: folder,
      account: account,
      directory: place.directory,
      stopSignal: options.isDurable ? .terminate : .kill,
      grace: 10,
      removesDirectory: options.removesDirectory
    )
    let supervisor = try await Supervisor.launch(program)
    let question = Array("AUTH \(place.password)\r\nPING\r\n".utf8)
    try await supervisor.ready(within: .seconds(60)) {
      LoopbackPort.ask(port, question).map { String(decoding: $0, as: UTF8.self) }
        == "+OK\r\n+PONG\r\n"
    }
    LocalServers.Kind.redis.announce(port: port, since: began, options.progress)
    return [supervisor]
  }
}
