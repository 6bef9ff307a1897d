import NIOCore
import NIOPosix
import NIOSSL

/// A connection of a test that says byte by byte what goes out, and keeps all that comes in.
final class HTTPClientConnection: Sendable {
  private let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>

  /// What the server showed as its certificate; nil without TLS.
  let certificate: NIOSSLCertificate?

  private init(_ channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>, certificate: NIOSSLCertificate?)
  {
    self.channel = channel
    self.certificate = certificate
  }

  static func connect(port: Int, isSecure: Bool = false) async throws -> HTTPClientConnection {
    let loop = MultiThreadedEventLoopGroup.singleton.any()
    let certificate = loop.makePromise(of: NIOSSLCertificate?.self)
    let channel = try await ClientBootstrap(group: loop).connect(host: "127.0.0.1", port: port) {
      channel in
      channel.eventLoop.makeCompletedFuture {
        if isSecure {
          var configuration = TLSConfiguration.makeClientConfiguration()
          configuration.certificateVerification = .noHostnameVerification
          let handler = try NIOSSLClientHandler(
            context: NIOSSLContext(configuration: configuration),
            serverHostname: nil,
            customVerificationCallback: { chain, verdict in
              certificate.succeed(chain.first)
              verdict.succeed(.certificateVerified)
            }
          )
          try channel.pipeline.syncOperations.addHandler(handler)
        } else {
          certificate.succeed(nil)
        }
        return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
      }
    }
    return HTTPClientConnection(channel, certificate: try await certificate.futureResult.get())
  }

  /// Sends each of `pieces` with a pause before it, and returns what comes until the answer is
  /// whole or the server closes.
  func exchange(_ pieces: [String], pause: Duration = .zero) async throws -> String {
    try await channel.executeThenClose { inbound, outbound in
      for piece in pieces {
        try await Task.sleep(for: pause)
        // A server that closed meanwhile says so below.
        try? await outbound.write(ByteBuffer(string: piece))
      }
      var received = ""
      do {
        for try await bytes in inbound { received += String(buffer: bytes) }
      } catch is IOError {
        // A reset is a way to close, too.
      }
      return received
    }
  }

  /// Runs `body` with a conversation over this connection.
  func conversation<R>(_ body: (Conversation) async throws -> R) async throws -> R {
    try await channel.executeThenClose { inbound, outbound in
      try await body(Conversation(answers: inbound.makeAsyncIterator(), outbound: outbound))
    }
  }

  /// Requests and answers in turn.
  final class Conversation {
    private var answers: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>

    init(
      answers: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
      outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
      self.answers = answers
      self.outbound = outbound
    }

    /// Sends a request and returns what comes up to `end`; or all of it if the server closes
    /// before.
    func say(_ request: String, until end: String) async throws -> String {
      try await outbound.write(ByteBuffer(string: request))
      var answer = ""
      while !answer.hasSuffix(end), let bytes = try await answers.next(isolation: #isolation) {
        answer += String(buffer: bytes)
      }
      return answer
    }
  }
}
