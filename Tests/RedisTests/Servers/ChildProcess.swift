import Glibc
import Synchronization

/// A program that runs beside the test and is killed when the test process ends, however that comes
/// about.
final class ChildProcess {
  let id: pid_t
  private let guardian: pid_t
  /// The guardian kills the program when this end of its input is closed.
  private let lifeline: Int32
  private var hasEnded = false

  init(_ arguments: [String]) throws {
    (id, guardian, lifeline) = try spawning.withLock { _ in
      var ends: [Int32] = [0, 0]
      guard pipe(&ends) == 0 else { throw Failure.notStarted("no pipe") }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      defer { close(ends[0]) }
      let id = try spawn(arguments, input: nil)
      return (id, try spawn(["sh", "-c", "read line; kill -9 \(id)"], input: ends[0]), ends[1])
    }
  }

  deinit {
    end()
    close(lifeline)
  }

  /// Kills it with SIGKILL and waits until it is gone.
  func end() {
    guard !hasEnded else { return }
    hasEnded = true
    // The guardian goes first, for afterwards the number may be another process's.
    for process in [guardian, id] {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
  }

  func send(_ signal: Int32) { kill(id, signal) }

  enum Failure: Error {
    case notStarted(String)
  }
}

/// Held while a process is started, so that it does not inherit a pipe that another is just being
/// given.
private let spawning = Mutex(())

/// Runs a program to its end, and says whether it has succeeded.
func run(_ arguments: [String]) throws -> Bool {
  let process = try spawning.withLock { _ in try spawn(arguments, input: nil) }
  var status: Int32 = 0
  return waitpid(process, &status, 0) == process && status == 0
}

/// Starts a program that the path has, without output; `input` nil is empty.
private func spawn(_ arguments: [String], input: Int32?) throws -> pid_t {
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  if let input {
    posix_spawn_file_actions_adddup2(&actions, input, 0)
  } else {
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
  }
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
  var strings: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
  defer { for string in strings { free(string) } }
  var id: pid_t = 0
  guard posix_spawnp(&id, arguments[0], &actions, nil, &strings, environ) == 0 else {
    throw ChildProcess.Failure.notStarted(arguments[0])
  }
  return id
}
