import Glibc

/// An answer to one HTTP request to a port of 127.0.0.1, each on a connection of its own.
///
/// Asking blocks a thread: for what isn't measured, or takes no part in what is.
struct LoopbackHTTP {
  let status: Int
  private let head: Substring
  /// Bytes behind the head.
  let bodySize: Int

  /// Seconds that an answer may take.
  private static let patience = 30

  /// Nil when nobody listens, or the answer doesn't come whole.
  init?(
    _ method: String,
    _ path: String,
    port: Int,
    headers: [String: String] = [:],
    body: [UInt8] = []
  ) {
    let lines = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
    let head = """
      \(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\nContent-Length: \(body.count)\r\n\(lines)\r\n
      """
    guard let answer = Self.exchange(Array(head.utf8) + body, port: port),
      let end = answer.firstRange(of: Array("\r\n\r\n".utf8))
    else {
      return nil
    }
    // HTTP/1.1 200 OK
    self.head = Substring(decoding: answer[..<end.lowerBound], as: UTF8.self)
    guard
      let status = self.head.split(separator: " ", maxSplits: 2).dropFirst().first.flatMap({
        Int($0)
      })
    else { return nil }
    self.status = status
    bodySize = answer.count - end.upperBound
    guard isWhole(answer) else { return nil }
  }

  /// Whether the body ends where its head says, or with the last of its chunks.
  private func isWhole(_ answer: [UInt8]) -> Bool {
    if let length = header("content-length").flatMap({ Int($0) }) { return bodySize == length }
    return header("transfer-encoding") != "chunked"
      || answer.suffix(5).elementsEqual("0\r\n\r\n".utf8)
  }

  /// A header by its name in lower case.
  func header(_ name: String) -> String? {
    let line = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name + ":") }
    return line.map { String($0.dropFirst(name.count + 1).drop { $0 == " " }) }
  }

  private static func exchange(_ question: [UInt8], port: Int) -> [UInt8]? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var limit = timeval(tv_sec: patience, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    let isConnected = LoopbackPorts.withAddress(port) { connect(descriptor, $0, $1) == 0 }
    guard isConnected else { return nil }
    var sent = 0
    while sent < question.count {
      let count = question.withUnsafeBytes {
        send(descriptor, $0.baseAddress! + sent, question.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return nil }
      sent += count
    }
    var answer: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = recv(descriptor, &chunk, chunk.count, 0)
      guard count >= 0 else { return nil }
      if count == 0 { return answer }
      answer += chunk[..<count]
    }
  }
}
