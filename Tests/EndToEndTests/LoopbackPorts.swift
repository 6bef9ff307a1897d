import Glibc

/// TCP ports of 127.0.0.1.
enum LoopbackPorts {
  struct NoPort: Error {}

  /// Different ports that nobody listens on. Each is known to be free at the same moment, so none
  /// comes twice.
  static func free(_ count: Int) throws -> [Int] {
    let sockets = (0..<count).map { _ in socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }
    defer { sockets.forEach { close($0) } }
    return try sockets.map { descriptor in
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      let status = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, length) | getsockname(descriptor, $0, &length)
        }
      }
      guard status == 0 else { throw NoPort() }
      return Int(UInt16(bigEndian: address.sin_port))
    }
  }
}
