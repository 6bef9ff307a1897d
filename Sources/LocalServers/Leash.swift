import Glibc
import Synchronization
import SystemPackage

/// This process's end of a supervisor's socket pair; closing it ends the server.
final class Leash: Sendable {
  private let end: Mutex<FileDescriptor?>

  init(_ end: FileDescriptor) {
    self.end = Mutex(end)
  }

  /// Lets go, with a last word for the supervisor.
  func close(_ word: String = "") {
    let last = end.withLock { end in
      defer { end = nil }
      return end
    }
    guard let last else { return }
    // Not write(2): if a supervisor was killed, SIGPIPE must not end this process.
    if !word.isEmpty { _ = send(last.rawValue, word, word.utf8.count, Int32(MSG_NOSIGNAL)) }
    try? last.close()
  }

  deinit { close() }
}
