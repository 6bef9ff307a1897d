import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import Server

@Suite struct AnswerLimitsTests {
  private func channel() throws -> EmbeddedChannel {
    let channel = EmbeddedChannel(handler: AnswerLimits(deadline: .seconds(10)))
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    return channel
  }

  private let piece = HTTPResponsePart.body(ByteBuffer(repeating: 0, count: 100))

  @Test func `a piece that the client doesn't take in time closes the connection`() throws {
    let channel = try channel()
    // The system takes what is flushed, and no more.
    channel.write(piece, promise: nil)
    channel.embeddedEventLoop.advanceTime(by: .seconds(9))
    #expect(channel.isActive)
    channel.embeddedEventLoop.advanceTime(by: .seconds(1))
    #expect(!channel.isActive)
  }

  @Test func `a client that takes each piece in time may take long`() throws {
    let channel = try channel()
    for _ in 0..<5 {
      channel.write(piece, promise: nil)
      channel.embeddedEventLoop.advanceTime(by: .seconds(9))
      channel.flush()
    }
    channel.embeddedEventLoop.advanceTime(by: .seconds(60))
    #expect(channel.isActive)
    _ = try channel.finish()
  }
}
