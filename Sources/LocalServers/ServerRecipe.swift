import SystemPackage

/// Knows how one kind of server is prepared, started and found ready.
protocol ServerRecipe: Sendable {
  /// How clients reach it.
  var url: String { get }

  /// What ends the server as a crash would.
  var crashSignal: ProcessSignal { get }

  /// Writes its configuration, and its first data when there is none.
  func prepare() async throws(LocalServers.StartError)

  /// Starts its processes in order and returns when it answers.
  func start() async throws(LocalServers.StartError) -> [Supervisor]
}

extension ServerRecipe {
  var crashSignal: ProcessSignal { .kill }
}

extension LocalServers.Kind {
  /// The account the server runs as: none of its own unless this process is root.
  func account(_ name: String, package: String) throws(LocalServers.StartError) -> Account? {
    guard Account.isRoot else { return nil }
    guard let account = Account(named: name) else { throw .missingPrograms(packages: [package]) }
    return account
  }

  /// The port to listen on: the fixed one when it is free; any for 0, and where a taken one may be
  /// replaced.
  func port(_ fixed: Int, _ options: LocalServers.Options) throws(LocalServers.StartError) -> Int {
    guard fixed != 0 else { return LoopbackPort.free() }
    if LoopbackPort.isFree(fixed) { return fixed }
    guard options.replacesTakenPorts else { throw .portTaken(self, port: fixed) }
    return LoopbackPort.free()
  }

  /// Says that the server is up and how long that took.
  func announce(
    port: Int,
    since start: ContinuousClock.Instant,
    _ progress: @Sendable (String) -> Void
  ) {
    let milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
    let tenths = Int(milliseconds / 100 + 0.5)
    progress("\(title) answers on 127.0.0.1:\(port) after \(tenths / 10).\(tenths % 10) s")
  }
}
