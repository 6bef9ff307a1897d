import Glibc
import SystemPackage

/// PostgreSQL of Debian's package, in a cluster of its own.
struct PostgresServer: ServerRecipe {
  private let options: LocalServers.Options
  let place: Place
  let account: Account?
  let programs: FilePath
  let port: Int

  var folder: FilePath { place.directory.appending("postgres") }
  private var data: FilePath { folder.appending("data") }

  init(_ options: LocalServers.Options, in place: Place) throws(LocalServers.StartError) {
    self.options = options
    self.place = place
    account = try LocalServers.Kind.postgres.account("postgres", package: "postgresql")
    programs = try PostgresServer.programs(
      for: place.directory.appending("postgres/data/PG_VERSION").text()
    )
    port = try LocalServers.Kind.postgres.port(options.ports.postgres, options)
  }

  var url: String { "postgres://helium:\(place.password)@127.0.0.1:\(port)/helium" }

  /// Killing the first process alone would leave its children for a moment, and with them the
  /// shared memory.
  var crashSignal: ProcessSignal { .quit }

  /// Data that exists needs the programs of its own version; new data takes the newest.
  private static func programs(for version: String?) throws(LocalServers.StartError) -> FilePath {
    let wanted = version.flatMap { Int($0.filter(\.isNumber)) }
    let candidates = wanted.map { [$0] } ?? Array((oldestVersion...newestVersion).reversed())
    for version in candidates {
      let programs = FilePath("/usr/lib/postgresql/\(version)/bin")
      if access(programs.appending("initdb").string, X_OK) == 0 { return programs }
    }
    throw .missingPrograms(packages: [wanted.map { "postgresql-\($0)" } ?? "postgresql"])
  }

  /// The first with `MERGE`, which Debian 12 carries.
  private static let oldestVersion = 15
  /// Far beyond what exists.
  private static let newestVersion = 40

  func prepare() async throws(LocalServers.StartError) {
    _ = try place.folder("postgres", owner: account)
    guard data.appending("PG_VERSION").status() == nil else { return }
    options.progress("PostgreSQL: creating a new cluster in \(data)")
    let preparation = Preparation(kind: .postgres, folder: folder, account: account)
    // Renamed when it is complete, so that a half-made cluster is never used.
    let draft = folder.appending("data.new")
    let password = folder.appending("password")
    do throws(Errno) {
      try password.write(place.password + "\n", mode: .privateFile, owner: account)
    } catch {
      throw .directoryUnusable(folder, reason: "\(error)")
    }
    try await preparation.run(["/bin/rm", "-rf", draft.string])
    try await preparation.run(
      [
        programs.appending("initdb").string, "-D", draft.string, "-U", "helium", "-A",
        "scram-sha-256",
        "--pwfile=\(password.string)", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions",
      ] + (options.isDurable ? [] : ["--no-sync"])
    )
    try await preparation.run(
      [programs.appending("postgres").string, "--single", "-D", draft.string]
        + (options.isDurable ? [] : ["-F"]) + ["postgres"],
      input: "CREATE DATABASE helium\n"
    )
    _ = unlink(password.string)
    guard rename(draft.string, data.string) == 0 else {
      throw .directoryUnusable(data, reason: "\(Errno.current)")
    }
  }

  func start() async throws(LocalServers.StartError) -> [Supervisor] {
    let began = ContinuousClock.now
    // The lock of this directory is ours, and leftovers are stopped.
    _ = unlink(data.appending("postmaster.pid").string)
    let program = ServerProgram(
      kind: .postgres,
      name: "postgres",
      command: [programs.appending("postgres").string, "-D", data.string] + settings,
      environment: ServerProgram.environment(home: folder),
      folder: folder,
      account: account,
      directory: place.directory,
      stopSignal: options.isDurable ? .interrupt : .quit,
      grace: 20,
      removesDirectory: options.removesDirectory
    )
    let supervisor = try await Supervisor.launch(program)
    try await supervisor.ready(within: .seconds(60)) { isReady(supervisor) }
    LocalServers.Kind.postgres.announce(port: port, since: began, options.progress)
    return [supervisor]
  }

  /// Line 8 of postmaster.pid says when connections are accepted; pg_ctl reads it too.
  private func isReady(_ supervisor: Supervisor) -> Bool {
    let lines =
      data.appending("postmaster.pid").text()?.split(
        separator: "\n",
        omittingEmptySubsequences: false
      ) ?? []
    return lines.count > 7 && lines[0] == "\(supervisor.server.pid)" && lines[7].hasPrefix("ready")
  }

  private var settings: [String] {
    var settings = options.postgresSettings
    settings.merge([
      "listen_addresses": "127.0.0.1",
      "port": "\(port)",
      "unix_socket_directories": "",
      // Eight workers with their pools, or a few hundred tests at once.
      "max_connections": "300",
      "shared_buffers": "64MB",
      "timezone": "UTC",
      "log_timezone": "UTC",
      "jit": "off",
    ]) { own, _ in own }
    if !options.isDurable {
      settings.merge([
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        // Its workers hold template databases open, and a clone waits for them.
        "autovacuum": "off",
      ]) { own, _ in own }
    }
    return settings.sorted { $0.key < $1.key }.flatMap { ["-c", "\($0.key)=\($0.value)"] }
  }
}
