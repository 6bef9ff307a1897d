import Platform
import SystemPackage

/// Tells people and scripts that everything runs, once it does.
struct DevAnnouncement: Sendable {
  let directory: FilePath
  let stores: DevStores
  let ports: DevPorts
  let demo: DemoInstallation
  let crew: DevCrew
  let log: DevLog

  /// A worker that takes longer on a loaded machine is still waited for; the lines above tell why.
  private static let patience = Duration.seconds(5)

  /// Waits for every worker, writes `dev.json` and `env.sh`, and says what to try next.
  func publish() async throws {
    for (mode, port) in ports.health { try await waitUntilReady(mode, port) }
    try DevEnvironment(stores, ports).write(in: directory)
    try write()
    crew.notify { try? self.write() }
    log.write(
      DevSummary(
        directory: directory,
        ports: ports,
        demo: demo,
        sendsMailToSink: stores.mailDirectory != nil
      ).text
    )
  }

  /// From now on, no more callers will come.
  func withdraw() {
    crew.notify {}
    DevFile.remove(in: directory)
  }

  private func write() throws {
    try DevFile(stores, ports, demo, processes: crew.processes).write(in: directory)
  }

  private func waitUntilReady(_ mode: WorkMode, _ port: Int) async throws {
    let probe = try HTTPProbe("http://127.0.0.1:\(port)")
    while (try? await probe.get("/readyz", deadline: Self.patience))?.status != 200 {
      if let hopeless = crew.hopeless { throw WorkerDoesNotStart(worker: hopeless) }
      try await Task.sleep(for: .milliseconds(50))
    }
  }
}

/// A worker died again and again before it was ready.
struct WorkerDoesNotStart: Error, CustomStringConvertible {
  let worker: WorkMode

  var description: String { "\(worker.rawValue) doesn't start; see its log lines above" }
}
