import Glibc
import Testing

/// The workers of an installation, one process each, to be killed and started again.
final class Crew {
  private let installation: Installation
  private var workers: [String: WorkerProcess] = [:]
  /// The workers that were killed or died, in order.
  private(set) var deaths: [String] = []

  init(_ installation: Installation) {
    self.installation = installation
  }

  /// Runs `body` beside workers of `modes`, and ends those that are left.
  static func with(
    _ modes: [String] = Installation.modes,
    of installation: Installation,
    _ body: (Crew) async throws -> Void
  ) async throws {
    let crew = Crew(installation)
    defer { crew.workers.values.forEach { $0.kill() } }
    do {
      for mode in modes { try crew.start(mode) }
      try await crew.waitUntilReady()
      try await body(crew)
    } catch {
      crew.workers.values.forEach { print($0.lastLines) }
      throw error
    }
  }

  /// Starts a worker that doesn't run.
  func start(_ mode: String, fault: String? = nil) throws {
    workers[mode] = try installation.start(mode, fault: fault)
  }

  func waitUntilReady() async throws {
    for worker in workers.values { try await worker.waitUntilReady() }
  }

  /// Ends a worker as `kill -9` does and starts it again at once.
  func killAndRestart(_ mode: String) async throws {
    let worker = try #require(workers[mode])
    try await worker.killAndWait()
    #expect(worker.process.signal == SIGKILL, "\(worker.lastLines)")
    deaths.append(mode)
    try start(mode)
  }

  /// Ends a worker in good order and starts it again, to die at `fault`: under load perhaps before
  /// anybody has seen it ready.
  func restart(_ mode: String, toDieAt fault: String, underLoad: Bool = false) async throws {
    let worker = try #require(workers[mode])
    worker.terminate()
    _ = try await worker.status(within: Installation.graceSeconds)
    try start(mode, fault: fault)
    if !underLoad { try await workers[mode]?.waitUntilReady() }
  }

  /// Waits for the death of a worker at its fault point and starts it again, healthy.
  func revive(_ mode: String) async throws {
    let worker = try #require(workers[mode])
    _ = try await worker.status(within: Installation.graceSeconds)
    #expect(worker.process.signal == SIGKILL, "\(worker.lastLines)")
    deaths.append(mode)
    try start(mode)
  }

  /// Ends all workers in good order; what they didn't finish is in their queues afterwards.
  func stop() async throws {
    for worker in workers.values { worker.terminate() }
    for worker in workers.values {
      let status = try await worker.status(within: Installation.graceSeconds)
      #expect(
        status == 0 && worker.process.signal == nil,
        "\(worker.mode) after SIGTERM: \(worker.lastLines)"
      )
    }
    workers = [:]
  }
}
