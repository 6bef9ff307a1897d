import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import Server

@Suite struct RequestLimitsTests {
  private static let head = HTTPRequestPart.head(
    HTTPRequest(method: .post, scheme: "http", authority: "x", path: "/")
  )

  private func channel(deadline: TimeAmount = .seconds(10), longestBody: Int = 10) throws
    -> EmbeddedChannel
  {
    let channel = EmbeddedChannel(
      handler: RequestLimits(deadline: deadline, longestBody: longestBody)
    )
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    return channel
  }

  private func body(_ count: Int) -> HTTPRequestPart {
    .body(ByteBuffer(repeating: 0, count: count))
  }

  @Test func `a body of the longest length passes, a byte more closes the connection`() throws {
    let channel = try channel()
    try channel.writeInbound(Self.head)
    try channel.writeInbound(body(6))
    try channel.writeInbound(body(4))
    #expect(channel.isActive)
    try channel.writeInbound(body(1))
    #expect(!channel.isActive)
  }

  @Test func `each request has the whole length for itself`() throws {
    let channel = try channel()
    for _ in 0..<3 {
      try channel.writeInbound(Self.head)
      try channel.writeInbound(body(10))
      try channel.writeInbound(HTTPRequestPart.end(nil))
    }
    #expect(channel.isActive)
    _ = try channel.finish()
  }

  @Test func `a request that doesn't end in time closes the connection`() throws {
    let channel = try channel()
    try channel.writeInbound(Self.head)
    channel.embeddedEventLoop.advanceTime(by: .seconds(9))
    try channel.writeInbound(body(1))
    #expect(channel.isActive)
    channel.embeddedEventLoop.advanceTime(by: .seconds(1))
    #expect(!channel.isActive)
  }

  @Test func `a request that ended in time may be answered later`() throws {
    let channel = try channel()
    try channel.writeInbound(Self.head)
    try channel.writeInbound(HTTPRequestPart.end(nil))
    channel.embeddedEventLoop.advanceTime(by: .seconds(60))
    #expect(channel.isActive)
    _ = try channel.finish()
  }
}
