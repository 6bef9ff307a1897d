import Glibc
import Synchronization

/// Ports of 127.0.0.1: finding free ones, and asking what listens on one.
package enum LoopbackPort {
  /// Below the range Linux takes the ports of outgoing connections from (32768), so that none takes
  /// a port between choice and use.
  private static let range = 20_000..<32_000
  private static let handedOut = Mutex<Set<Int>>([])

  /// A port nothing listens on, given once per process.
  package static func free() -> Int {
    while true {
      let port = Int.random(in: range)
      guard handedOut.withLock({ $0.insert(port).inserted }), isFree(port) else { continue }
      return port
    }
  }

  /// Whether a server could listen on the port now.
  package static func isFree(_ port: Int) -> Bool {
    guard let socket = makeSocket() else { return false }
    defer { close(socket) }
    var yes: Int32 = 1
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    return withAddress(port) { bind(socket, $0, $1) } == 0
  }

  /// Connects, sends bytes and returns what comes back first; nil when nothing does within the
  /// time.
  ///
  /// Blocks the thread: for a loopback question with a short time only.
  static func ask(_ port: Int, _ question: [UInt8], milliseconds: Int = 200) -> [UInt8]? {
    guard let socket = makeSocket() else { return nil }
    defer { close(socket) }
    var limit = timeval(tv_sec: 0, tv_usec: milliseconds * 1_000)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    guard withAddress(port, { connect(socket, $0, $1) }) == 0 else { return nil }
    guard
      question.isEmpty
        || send(socket, question, question.count, Int32(MSG_NOSIGNAL)) == question.count
    else { return nil }
    var answer = [UInt8](repeating: 0, count: 512)
    let count = recv(socket, &answer, answer.count, 0)
    return count > 0 ? Array(answer[..<count]) : nil
  }

  private static func makeSocket() -> Int32? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    return descriptor < 0 ? nil : descriptor
  }

  private static func withAddress(
    _ port: Int,
    _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }
}
