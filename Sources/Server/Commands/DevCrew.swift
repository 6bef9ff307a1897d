import Glibc
import Platform
import Subprocess
import Synchronization
import SystemPackage

/// The workers of `helium dev`: child processes that are started again when they die, until they
/// are told to stop.
final class DevCrew: Sendable {
  private struct State {
    var processes: [WorkMode: pid_t] = [:]
    var failedStarts: [WorkMode: Int] = [:]
    var isStopping = false
    var onChange: (@Sendable () -> Void)?
  }

  private let executable: FilePath
  private let environments: [WorkMode: [String: String]]
  private let log: DevLog
  private let state = Mutex(State())

  /// A worker that dies again and again is given this much time at most between two tries.
  private static let longestPause = 30
  /// A worker that has lived this long has recovered.
  private static let recovery = Duration.seconds(60)
  /// If a worker fails more often than this before it is ready, it isn't an accident.
  private static let maxFailedStarts = 3
  /// How long a worker may take to finish what it has in hand.
  static let grace = 10

  let workers: [WorkMode]

  init(_ environments: [WorkMode: [String: String]], log: DevLog) {
    self.environments = environments
    self.log = log
    workers = WorkMode.all.workers.filter { environments[$0] != nil }
    // Resolved by the system for the child too, so that a binary which was built anew meanwhile
    // still starts the old workers.
    executable = "/proc/self/exe"
  }

  /// The process of each worker that runs now.
  var processes: [WorkMode: pid_t] { state.withLock { $0.processes } }

  /// Calls `change` whenever a worker was started again.
  func notify(_ change: @escaping @Sendable () -> Void) {
    state.withLock { $0.onChange = change }
  }

  /// Runs the workers until `stop`.
  func run() async {
    await withDiscardingTaskGroup { group in
      for mode in workers {
        group.addTask { await self.keepRunning(mode) }
      }
    }
  }

  /// The first worker that failed too often to be waited for.
  var hopeless: WorkMode? {
    state.withLock { state in state.failedStarts.first { $0.value >= Self.maxFailedStarts }?.key }
  }

  /// Stops those that take work from outside, then those that finish it.
  func stop() async {
    state.withLock { $0.isStopping = true }
    let last: [WorkMode] = [.consumer, .mailer]
    for stage in [workers.filter { !last.contains($0) }, last] {
      signal(SIGTERM, to: stage)
      let deadline = ContinuousClock.now + .seconds(Self.grace + 2)
      while processes.keys.contains(where: stage.contains) {
        if ContinuousClock.now > deadline { signal(SIGKILL, to: stage) }
        try? await Task.sleep(for: .milliseconds(20))
      }
    }
  }

  /// Ends all at once.
  func kill() {
    state.withLock { $0.isStopping = true }
    signal(SIGKILL, to: workers)
  }

  private func signal(_ signal: Int32, to modes: [WorkMode]) {
    // Under the lock, a process leaves the table before its id can be reused.
    state.withLock { state in
      for (mode, pid) in state.processes where modes.contains(mode) { _ = Glibc.kill(pid, signal) }
    }
  }

  private var isStopping: Bool { state.withLock { $0.isStopping } }

  private func keepRunning(_ mode: WorkMode) async {
    var pauseSeconds = 1
    while !isStopping {
      let start = ContinuousClock.now
      let end = await runOnce(mode)
      guard !isStopping else { return }
      if ContinuousClock.now - start > Self.recovery { pauseSeconds = 1 }
      state.withLock { $0.failedStarts[mode, default: 0] += 1 }
      log.write("\(end); restarting it in \(pauseSeconds) s", of: mode)
      let resume = ContinuousClock.now + .seconds(pauseSeconds)
      while ContinuousClock.now < resume, !isStopping {
        try? await Task.sleep(for: .milliseconds(50))
      }
      pauseSeconds = min(pauseSeconds * 2, Self.longestPause)
    }
  }

  /// Runs one worker to its end; how it ended.
  private func runOnce(_ mode: WorkMode) async -> String {
    var options = PlatformOptions()
    // Ctrl-C of a terminal reaches this process alone, which then stops the workers in order.
    options.processGroupID = 0
    let variables = (environments[mode] ?? [:]).map {
      (Environment.Key(stringLiteral: $0.key), $0.value)
    }
    do {
      let result = try await Subprocess.run(
        .path(executable),
        arguments: ["serve", "--mode", mode.rawValue, "--parent", "\(getpid())"],
        environment: .custom(Dictionary(uniqueKeysWithValues: variables)),
        platformOptions: options,
        input: .none,
        output: .sequence,
        error: .combinedWithOutput
      ) { execution in
        started(mode, execution.processIdentifier.value)
        defer { state.withLock { _ = $0.processes.removeValue(forKey: mode) } }
        for try await line in execution.standardOutput.strings() { log.write(line, of: mode) }
      }
      return switch result.terminationStatus {
      case .exited(let code): "ended with exit code \(code)"
      case .signaled(let signal): "ended by signal \(signal)"
      }
    } catch {
      return "could not be started: \(error)"
    }
  }

  private func started(_ mode: WorkMode, _ pid: pid_t) {
    let onChange = state.withLock { state in
      state.processes[mode] = pid
      // Told to stop between the decision to start it and its start.
      if state.isStopping { _ = Glibc.kill(pid, SIGTERM) }
      return state.onChange
    }
    onChange?()
  }
}
