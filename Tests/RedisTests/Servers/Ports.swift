import Glibc

/// A TCP port of 127.0.0.1 that nothing listens on.
func freePort() throws -> Int {
  try withSocket { descriptor in
    var address = loopback(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, length) == 0 ? getsockname(descriptor, address, &length) : -1
      }
    }
    guard status == 0 else { throw ChildProcess.Failure.notStarted("no socket") }
    return Int(UInt16(bigEndian: address.sin_port))
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
