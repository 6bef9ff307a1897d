import CLibpq
import Glibc

/// Opens one connection: blocking, on a helper thread.
struct ConnectionAttempt {
  /// A connection that is handed from the helper thread to its `ServerConnection`.
  ///
  /// Proof for `@unchecked`: the thread that made it keeps no copy.
  struct Opened: @unchecked Sendable {
    let connection: OpaquePointer
    /// A duplicate of its socket's, for the event loop.
    let descriptor: Int32
  }

  struct Failure: Error {
    let message: String
    let sqlState: String?

    /// Whether another attempt would fail alike: the credentials, the database's name or the TLS
    /// settings are wrong.
    var isPermanent: Bool {
      if let sqlState {
        return sqlState.hasPrefix("28") || sqlState == "3D000" || sqlState == "42501"
      }
      if Self.brokenConnections.contains(where: message.contains) { return false }
      return message.contains("SSL") || message.contains("certificate")
        || message.contains("no password supplied")
        || message.contains("SCRAM")
    }

    /// What libpq says of a connection that ended while it was being set up, with TLS or without: a
    /// server that restarts, or a proxy.
    private static let brokenConnections = [
      "closed the connection unexpectedly", "connection has been closed unexpectedly",
      "Connection reset", "SSL SYSCALL error",
      "unexpected eof",
    ]

    var error: PostgresClientError { .connectionFailed(message, sqlState: sqlState) }
  }

  let parameters: [String: String]
  /// For each address.
  let timeout: Duration

  /// Tries one address after another. The first failure that waiting can't cure is reported, else
  /// the last.
  func open() -> Result<Opened, Failure> {
    var failure = Failure(message: "no host", sqlState: nil)
    for attempt in ConnectionParameters.attempts(parameters) {
      switch open(attempt) {
      case .success(let opened): return .success(opened)
      case .failure(let next): if !failure.isPermanent { failure = next }
      }
    }
    return .failure(failure)
  }

  private func open(_ parameters: [String: String]) -> Result<Opened, Failure> {
    let deadline = MonotonicTime.now.advanced(by: timeout)
    guard let connection = Self.start(parameters) else {
      return .failure(Failure(message: "out of memory", sqlState: nil))
    }
    // Verbose messages carry the SQLSTATE, which libpq gives no other access to while it connects.
    PQsetErrorVerbosity(connection, PQERRORS_VERBOSE)
    // By itself libpq prints notices. One of a server that goes down while it is connected to says
    // nothing that the failure does not.
    PQsetNoticeReceiver(connection, { _, _ in }, nil)
    var wanted = PGRES_POLLING_WRITING
    while PQstatus(connection) != CONNECTION_BAD {
      switch wanted {
      case PGRES_POLLING_OK:
        PQsetErrorVerbosity(connection, PQERRORS_DEFAULT)
        guard PQsetnonblocking(connection, 1) == 0, PQenterPipelineMode(connection) == 1 else {
          return fail(connection)
        }
        let descriptor = fcntl(PQsocket(connection), F_DUPFD_CLOEXEC, 0)
        guard descriptor >= 0 else {
          PQfinish(connection)
          return .failure(
            Failure(message: "the process has no file descriptors left", sqlState: nil)
          )
        }
        return .success(Opened(connection: connection, descriptor: descriptor))
      case PGRES_POLLING_FAILED:
        return fail(connection)
      default:
        guard
          Self.wait(
            PQsocket(connection),
            writable: wanted == PGRES_POLLING_WRITING,
            until: deadline
          )
        else {
          PQfinish(connection)
          let place = parameters["hostaddr"] ?? parameters["host"] ?? "the local server"
          return .failure(
            Failure(message: "connecting to \(place) took longer than \(timeout)", sqlState: nil)
          )
        }
        wanted = PQconnectPoll(connection)
      }
    }
    return fail(connection)
  }

  private static func start(_ parameters: [String: String]) -> OpaquePointer? {
    let pairs = parameters.map { (strdup($0.key), strdup($0.value)) }
    defer {
      for (keyword, value) in pairs {
        free(keyword)
        free(value)
      }
    }
    let keywords = pairs.map { UnsafePointer($0.0) } + [nil]
    let values = pairs.map { UnsafePointer($0.1) } + [nil]
    return PQconnectStartParams(keywords, values, 0)
  }

  private static func wait(_ socket: Int32, writable: Bool, until deadline: MonotonicTime) -> Bool {
    var descriptor = pollfd(fd: socket, events: Int16(writable ? POLLOUT : POLLIN), revents: 0)
    while true {
      let now = MonotonicTime.now
      guard now < deadline else { return false }
      let left = Int32(clamping: (deadline.nanoseconds - now.nanoseconds) / 1_000_000 + 1)
      let count = poll(&descriptor, 1, left)
      if count > 0 || (count < 0 && errno != EINTR) { return true }
    }
  }

  private func fail(_ connection: OpaquePointer) -> Result<Opened, Failure> {
    let text = PQerrorMessage(connection).map { String(cString: $0) } ?? ""
    PQfinish(connection)
    return .failure(Failure(verbose: text))
  }
}

extension ConnectionAttempt.Failure {
  /// Takes the SQLSTATE out of `…FATAL:  28P01: password authentication failed` and drops the lines
  /// on the server's source.
  init(verbose text: String) {
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("LOCATION:") }
    var message = lines.joined(separator: "\n")
    var state: String?
    if let mark = message.firstRange(ofText: ":  ") {
      let code = message[mark.upperBound...].prefix(5)
      let after = message[code.endIndex...]
      if code.utf8.count == 5, after.hasPrefix(": "),
        code.utf8.allSatisfy({ (48...57).contains($0) || (65...90).contains($0) })
      {
        state = String(code)
        message.removeSubrange(mark.upperBound..<message.index(code.endIndex, offsetBy: 2))
      }
    }
    self.init(message: message, sqlState: state)
  }
}

extension String {
  fileprivate func firstRange(ofText text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}
