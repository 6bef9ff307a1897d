import FoundationEssentials
import NIOCore
import NIOPosix
import NIOSSL
import SystemPackage

/// One HTTP request, with which `helium` checks its own workers, or a node API as an agent sees it.
///
/// It speaks HTTP/1.0, in which the end of an answer is its length or the end of the connection.
struct HTTPProbe: Sendable {
  /// An answer, and how long it took from the first packet to the last byte.
  struct Answer: Sendable, Hashable {
    let status: Int
    /// By lower-case name.
    let headers: [String: String]
    let body: [UInt8]
    var time = Duration.zero

    /// Whether nothing more is to come: by its length, or because such an answer has no body.
    var isWhole: Bool {
      status == 304 || headers["content-length"].flatMap { Int($0) } == body.count
    }
  }

  /// Why there was no answer.
  enum Failure: Error, CustomStringConvertible {
    case malformedURL(String)
    case noAnswer(URL, reason: String)
    case malformedAnswer(URL)

    var description: String {
      switch self {
      case .malformedURL(let text): "“\(text)” is not an address like http://127.0.0.1:8082"
      case .noAnswer(let url, let reason): "\(url.host ?? "") doesn't answer: \(reason)"
      case .malformedAnswer(let url): "\(url.host ?? "") doesn't answer in HTTP"
      }
    }
  }

  private let url: URL
  private let host: String
  private let port: Int
  private let tls: NIOSSLContext?

  init(_ text: String) throws {
    guard let url = URL(string: text), let host = url.host, !host.isEmpty,
      ["http", "https"].contains(url.scheme)
    else {
      throw Failure.malformedURL(text)
    }
    self.url = url
    self.host = host
    port = url.port ?? (url.scheme == "https" ? 443 : 80)
    tls = url.scheme == "https" ? try NIOSSLContext(configuration: .makeClientConfiguration()) : nil
  }

  /// Asks for `path`, which begins with a slash. Throws `Failure` when there is no answer within
  /// `deadline`.
  func get(_ path: String, headers: [(name: String, value: String)] = [], deadline: Duration)
    async throws -> Answer
  {
    let lines =
      ["GET \(path) HTTP/1.0", "host: \(host)", "connection: close"]
      + headers.map { "\($0.name): \($0.value)" }
    let request = lines.joined(separator: "\r\n") + "\r\n\r\n"
    let start = ContinuousClock.now
    let bytes: [UInt8]
    do {
      bytes = try await withDeadline(deadline) { try await exchange(request) }
    } catch {
      throw Failure.noAnswer(url, reason: Self.reason(error))
    }
    guard var answer = Self.parse(bytes) else { throw Failure.malformedAnswer(url) }
    answer.time = ContinuousClock.now - start
    return answer
  }

  /// In words for people.
  private static func reason(_ error: any Error) -> String {
    switch error {
    case is DeadlineExceeded: "no answer in time"
    case let error as NIOConnectionError:
      (error.connectionErrors.first?.error as? IOError).map {
        Errno(rawValue: $0.errnoCode).description
      }
        ?? error.dnsAError.map { "there is no such host: \($0)" } ?? "\(error)"
    default: "\(error)"
    }
  }

  private func exchange(_ request: String) async throws -> [UInt8] {
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup).connect(
      host: host,
      port: port
    ) { channel in
      channel.eventLoop.makeCompletedFuture {
        if let tls {
          // Certificates name hosts; for an address there is nothing to compare with.
          let isAddress = (try? SocketAddress(ipAddress: host, port: port)) != nil
          try channel.pipeline.syncOperations.addHandler(
            NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : host)
          )
        }
        return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
      }
    }
    return try await channel.executeThenClose { inbound, outbound in
      try await outbound.write(ByteBuffer(string: request))
      var bytes: [UInt8] = []
      for try await buffer in inbound {
        bytes += buffer.readableBytesView
        if Self.parse(bytes)?.isWhole == true { break }
      }
      return bytes
    }
  }

  /// An answer as far as it has come; nil until its headers are whole, and for what is no HTTP.
  /// Source: RFC 1945, section 6.
  static func parse(_ bytes: [UInt8]) -> Answer? {
    let end = Array("\r\n\r\n".utf8)
    guard let split = bytes.indices.first(where: { bytes[$0...].starts(with: end) }) else {
      return nil
    }
    var lines = String(decoding: bytes[..<split], as: UTF8.self).split(
      separator: "\r\n",
      omittingEmptySubsequences: false
    )
    let first = lines.removeFirst().split(separator: " ")
    guard first.count >= 2, first[0].hasPrefix("HTTP/"), let status = Int(first[1]) else {
      return nil
    }
    let fields = lines.compactMap { line -> (String, String)? in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      return (
        line[..<colon].lowercased(), String(line[line.index(after: colon)...].drop { $0 == " " })
      )
    }
    return Answer(
      status: status,
      headers: Dictionary(fields) { $1 },
      body: Array(bytes[(split + end.count)...])
    )
  }
}
