import Glibc
import Subprocess
import SystemPackage

/// RabbitMQ of Debian's package, with an Erlang port mapper (epmd) of its own.
struct RabbitMQServer: ServerRecipe {
  private let options: LocalServers.Options
  private let place: Place
  let account: Account?
  private let port: Int
  let mapperPort: Int
  private let distributionPort: Int

  private static let executable = FilePath("/usr/lib/rabbitmq/bin/rabbitmq-server")
  static let control = FilePath("/usr/lib/rabbitmq/bin/rabbitmqctl")
  private static let mapper = FilePath("/usr/bin/epmd")
  static let node = "helium@localhost"

  var folder: FilePath { place.directory.appending("rabbitmq") }

  init(_ options: LocalServers.Options, in place: Place) throws(LocalServers.StartError) {
    self.options = options
    self.place = place
    for program in [RabbitMQServer.executable, RabbitMQServer.mapper]
    where access(program.string, X_OK) != 0 {
      throw .missingPrograms(packages: ["rabbitmq-server"])
    }
    account = try LocalServers.Kind.rabbitmq.account("rabbitmq", package: "rabbitmq-server")
    port = try LocalServers.Kind.rabbitmq.port(options.ports.rabbitmq, options)
    mapperPort = LoopbackPort.free()
    distributionPort = LoopbackPort.free()
  }

  var url: String { "amqp://helium:\(place.password)@127.0.0.1:\(port)/%2F" }

  func prepare() async throws(LocalServers.StartError) {
    _ = try place.folder("rabbitmq", owner: account)
    do throws(Errno) {
      try folder.appending("rabbitmq.conf").write(configuration, mode: .privateFile, owner: account)
      try folder.appending("advanced.config").write(
        erlangConfiguration,
        mode: .privateFile,
        owner: account
      )
      try folder.appending("definitions.json").write(
        definitions,
        mode: .privateFile,
        owner: account
      )
      try folder.appending("enabled_plugins").write("[].\n", mode: .privateFile, owner: account)
    } catch {
      throw .directoryUnusable(folder, reason: "\(error)")
    }
  }

  func start() async throws(LocalServers.StartError) -> [Supervisor] {
    let began = ContinuousClock.now
    options.progress("RabbitMQ: starting, which takes 5 to 10 s")
    let mapper = try await Supervisor.launch(
      ServerProgram(
        kind: .rabbitmq,
        name: "epmd",
        command: [RabbitMQServer.mapper.string, "-address", "127.0.0.1", "-port", "\(mapperPort)"],
        environment: ServerProgram.environment(home: folder),
        folder: folder,
        account: account,
        directory: place.directory,
        stopSignal: .terminate,
        grace: 2,
        removesDirectory: false
      )
    )
    do throws(LocalServers.StartError) {
      try await mapper.ready(within: .seconds(10)) { !LoopbackPort.isFree(mapperPort) }
      let broker = try await Supervisor.launch(
        ServerProgram(
          kind: .rabbitmq,
          name: "rabbitmq",
          command: [RabbitMQServer.executable.string],
          environment: environment,
          folder: folder,
          account: account,
          directory: place.directory,
          stopSignal: options.isDurable ? .terminate : .kill,
          grace: 20,
          removesDirectory: options.removesDirectory
        )
      )
      // The protocol header of 0-9-1; the broker answers with Connection.Start (AMQP 0-9-1, 4.2.2).
      let header: [UInt8] = Array("AMQP".utf8) + [0, 0, 9, 1]
      try await broker.ready(within: .seconds(120)) { LoopbackPort.ask(port, header)?.first == 1 }
      LocalServers.Kind.rabbitmq.announce(port: port, since: began, options.progress)
      return [mapper, broker]
    } catch {
      await Supervisor.stop([mapper])
      throw error
    }
  }

  /// Everything that the broker reads is named here. /etc/rabbitmq and the caller's environment
  /// have no influence.
  private var environment: [Environment.Key: String] {
    var environment = ServerProgram.environment(home: folder)
    environment.merge([
      // The start script becomes the broker, instead of standing between it and its supervisor.
      "detached": "1",
      "RABBITMQ_NODENAME": RabbitMQServer.node,
      "RABBITMQ_DIST_PORT": "\(distributionPort)",
      "ERL_EPMD_PORT": "\(mapperPort)",
      "ERL_EPMD_ADDRESS": "127.0.0.1",
      "RABBITMQ_CONF_ENV_FILE": "/dev/null",
      "RABBITMQ_CONFIG_FILE": folder.appending("rabbitmq.conf").string,
      "RABBITMQ_CONFIG_FILES": folder.appending("conf.d/*.conf").string,
      "RABBITMQ_ADVANCED_CONFIG_FILE": folder.appending("advanced.config").string,
      "RABBITMQ_ENABLED_PLUGINS_FILE": folder.appending("enabled_plugins").string,
      "RABBITMQ_MNESIA_BASE": folder.appending("data").string,
      "RABBITMQ_LOG_BASE": folder.string,
      "RABBITMQ_LOGS": "-",
      // One scheduler that sleeps when idle, so that the broker doesn't keep a developer's machine
      // busy.
      "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none",
    ]) { $1 }
    return environment
  }

  private var configuration: String {
    """
    listeners.tcp.default = 127.0.0.1:\(port)
    load_definitions = \(folder.appending("definitions.json"))
    log.console = true
    log.console.level = warning
    # The log of quorum queues is kept in memory up to this size.
    raft.wal_max_size_bytes = \(options.isDurable ? 64 << 20 : 16 << 20)

    """
  }

  private var erlangConfiguration: String {
    let sync = options.isDurable ? "" : "{ra, [{wal_sync_method, none}]}, "
    return "[\(sync){kernel, [{inet_dist_use_interface, {127,0,0,1}}]}].\n"
  }

  /// The user and the virtual hosts, which the broker makes or updates at each start.
  private var definitions: String {
    let hosts = ["/"] + options.virtualHosts
    let names = hosts.map { #"{"name":"\#($0)"}"# }.joined(separator: ",")
    let rights = hosts.map {
      #"{"user":"helium","vhost":"\#($0)","configure":".*","write":".*","read":".*"}"#
    }
    return """
      {"users":[{"name":"helium","password":"\(place.password)","tags":"administrator"}],
      "vhosts":[\(names)],
      "permissions":[\(rights.joined(separator: ","))]}

      """
  }
}
