import NIOCore
import NIOSSL

/// Turns a channel's bytes into replies, after it has shaken hands. One per channel, used on its
/// event loop only.
final class RedisChannelHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let link: RedisLink
  private let attempt: Int
  private var parser = RESPParser()
  /// Nil once it is done.
  private var handshake: RedisHandshake?
  private let isEncrypted: Bool
  private let handshakeTimeout: TimeAmount
  private var handshakeTimer: Scheduled<Void>?
  private var error: RedisError?
  private var values: [RESPValue] = []

  init(
    link: RedisLink,
    attempt: Int,
    handshake: RedisHandshake,
    isEncrypted: Bool,
    timeout: TimeAmount
  ) {
    self.link = link
    self.attempt = attempt
    self.handshake = handshake
    self.isEncrypted = isEncrypted
    handshakeTimeout = timeout
  }

  func channelActive(context: ChannelHandlerContext) {
    guard let handshake else { return }
    var buffer = context.channel.allocator.buffer(capacity: 256)
    for command in handshake.commands { buffer.writeBytes(command.encoded) }
    context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    handshakeTimer = context.eventLoop.assumeIsolated().scheduleTask(in: handshakeTimeout) {
      self.fail(.unavailable("no answer in time; \(self.doubt)"), context.channel)
    }
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard error == nil else { return }
    parser.append(unwrapInboundIn(data))
    do {
      try readValues(context.channel)
    } catch {
      fail(error, context.channel)
    }
  }

  private func readValues(_ channel: any Channel) throws(RedisError) {
    values.removeAll(keepingCapacity: true)
    while let value = try parse() {
      guard handshake != nil else {
        values.append(value)
        continue
      }
      // Nothing is pushed to a connection that has asked for nothing.
      guard try handshake?.receive(value) == true else { continue }
      handshake = nil
      handshakeTimer?.cancel()
      handshakeTimer = nil
      link.established(attempt, channel)
    }
    if !values.isEmpty { link.received(attempt, values) }
  }

  private func parse() throws(RedisError) -> RESPValue? {
    do {
      return try parser.next()
    } catch {
      throw .protocolViolation(handshake == nil ? "\(error)" : "\(error); \(doubt)")
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    handshakeTimer?.cancel()
    handshakeTimer = nil
    let reason: RedisError =
      handshake == nil
      ? .connectionLost("closed by the server")
      : .unavailable("closed by the server before it had answered; \(doubt)")
    link.lost(attempt, error ?? reason)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    let reason: RedisError =
      switch error {
      case let error as NIOSSLError where handshake != nil: .tls("\(error)")
      case let error as BoringSSLError where handshake != nil: .tls("\(error)")
      case let error as NIOSSLExtraError where handshake != nil: .tls("\(error)")
      default: handshake == nil ? .connectionLost("\(error)") : .unavailable("\(error); \(doubt)")
      }
    fail(reason, context.channel)
  }

  /// What most often is behind a handshake that fails.
  private var doubt: String {
    isEncrypted
      ? "does the server speak TLS on this port?" : "does the server expect TLS on this port?"
  }

  private func fail(_ error: RedisError, _ channel: any Channel) {
    guard self.error == nil else { return }
    self.error = error
    channel.close(promise: nil)
    // The end of TLS can take seconds, in which nobody need wait.
    link.lost(attempt, error)
  }
}
