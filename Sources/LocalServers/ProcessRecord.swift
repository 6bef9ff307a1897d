import Dispatch
import Glibc
import SystemPackage

/// A process, told from a later one with the same pid by the time it started.
struct ProcessRecord: Hashable, Sendable {
  let pid: Int32
  /// Clock ticks since the machine started, from field 22 of `/proc/PID/stat` (proc(5)).
  let startTime: String

  /// The process that now has that pid, or nil when it has ended.
  init?(pid: Int32) {
    guard let text = FilePath("/proc/\(pid)/stat").text(), let end = text.lastIndex(of: ")") else {
      return nil
    }
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
    self.pid = pid
    startTime = String(fields[19])
  }

  init?(line: Substring) {
    let fields = line.split(separator: " ")
    guard fields.count == 2, let pid = Int32(fields[0]) else { return nil }
    self.pid = pid
    startTime = String(fields[1])
  }

  var line: String { "\(pid) \(startTime)" }

  var isAlive: Bool { ProcessRecord(pid: pid) == self }

  func send(_ signal: ProcessSignal) {
    guard isAlive else { return }
    _ = Glibc.kill(pid, signal.number)
  }

  /// Waits until the process has ended; returns false when it still lives after that time.
  func end(within time: Duration) async -> Bool {
    let deadline = ContinuousClock.now + time
    while isAlive {
      guard ContinuousClock.now < deadline else { return false }
      await pause(.milliseconds(20))
    }
    return true
  }
}

/// Sleeps, also in a cancelled task: what is being stopped must still be waited for.
func pause(_ time: Duration) async {
  let (seconds, attoseconds) = time.components
  let nanoseconds = Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
  await withCheckedContinuation { continuation in
    DispatchQueue.global().asyncAfter(deadline: .now() + .nanoseconds(nanoseconds)) {
      continuation.resume()
    }
  }
}

/// The signals that servers are ended with, by the names `kill` knows.
enum ProcessSignal: String, Sendable {
  case terminate = "TERM"
  case interrupt = "INT"
  case quit = "QUIT"
  case kill = "KILL"

  var number: Int32 {
    switch self {
    case .terminate: SIGTERM
    case .interrupt: SIGINT
    case .quit: SIGQUIT
    case .kill: SIGKILL
    }
  }
}
