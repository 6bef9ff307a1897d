import Synchronization
import SystemPackage

/// This process's end of a supervisor's socket pair; closing it ends the server.
final class Leash: Sendable {
  private let end: Mutex<FileDescriptor?>

  init(_ end: FileDescriptor) {
    self.end = Mutex(end)
  }

  func close() {
    let last = end.withLock { end in
      defer { end = nil }
      return end
    }
    try? last?.close()
  }

  deinit { close() }
}
