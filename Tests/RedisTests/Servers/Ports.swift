import Glibc
import Synchronization

/// Where the search goes on. The range is below the one from which the kernel takes ports for
/// connections.
private let nextPort = Mutex(Int.random(in: 20_000..<30_000))

/// A TCP port of 127.0.0.1 that nothing listens on, and that no other test of this process gets.
func freePort() throws -> Int {
  try nextPort.withLock { next in
    for _ in 0..<1_000 {
      next = next < 32_000 ? next + 1 : 20_000
      if try canBind(next) { return next }
    }
    throw ChildProcess.Failure.notStarted("no free port")
  }
}

private func canBind(_ port: Int) throws -> Bool {
  try withSocket { descriptor in
    var address = loopback(port: UInt16(port))
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }
}

/// Whether something listens on a port of 127.0.0.1.
func isListening(_ port: Int) -> Bool {
  let status = try? withSocket { descriptor in
    var address = loopback(port: UInt16(port))
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }
  return status == 0
}

private func withSocket<Result>(_ body: (Int32) throws -> Result) throws -> Result {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  guard descriptor >= 0 else { throw ChildProcess.Failure.notStarted("no socket") }
  defer { close(descriptor) }
  return try body(descriptor)
}

private func loopback(port: UInt16) -> sockaddr_in {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = port.bigEndian
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  return address
}
