import Glibc

/// A server that takes a connection and never says a word, until it hangs up.
struct SilentServer: ~Copyable {
  private let listener: Int32
  let port: Int

  var url: String { "smtp://127.0.0.1:\(port)?starttls=off" }

  init() throws {
    let kind = Int32(
      SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
    )
    listener = socket(AF_INET, kind, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let socket = listener
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, length) == 0 && listen(socket, 1) == 0
          && getsockname(socket, $0, &length) == 0
      }
    }
    guard isListening else { throw Failed(code: errno) }
    port = Int(in_port_t(bigEndian: address.sin_port))
  }

  deinit { close(listener) }

  /// Waits for a client, runs `body` while it waits for an answer, and hangs up.
  func holdingClient<R>(_ body: () async throws -> R) async throws -> R {
    var client = accept(listener, nil, nil)
    while client < 0 {
      guard errno == EAGAIN else { throw Failed(code: errno) }
      try await Task.sleep(for: .milliseconds(10))
      client = accept(listener, nil, nil)
    }
    defer { close(client) }
    return try await body()
  }

  struct Failed: Error {
    let code: Int32
  }
}
