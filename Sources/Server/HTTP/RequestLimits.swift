import NIOCore
import NIOHTTPTypes

/// Closes a connection whose request is too long or doesn't end in time. A client that sends a byte
/// now and then would otherwise hold a connection forever.
final class RequestLimits: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart

  /// From a request's head to its last byte: 8 MiB at 2 Mbit/s.
  static let usualDeadline = TimeAmount.seconds(35)
  /// Routes have smaller limits of their own and answer 413. This is for those that never look at a
  /// body.
  static let usualBody = 16 << 20

  private let deadline: TimeAmount
  private let longestBody: Int
  private var received = 0
  private var timeout: Scheduled<Void>?

  init(deadline: TimeAmount = usualDeadline, longestBody: Int = usualBody) {
    self.deadline = deadline
    self.longestBody = longestBody
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head:
      received = 0
      timeout = context.eventLoop.assumeIsolated().scheduleTask(in: deadline) {
        context.close(promise: nil)
      }
    case .body(let bytes):
      received += bytes.readableBytes
      guard received <= longestBody else {
        context.close(promise: nil)
        return
      }
    case .end:
      endTimeout()
    }
    context.fireChannelRead(data)
  }

  func channelInactive(context: ChannelHandlerContext) {
    endTimeout()
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    endTimeout()
  }

  private func endTimeout() {
    timeout?.cancel()
    timeout = nil
  }
}
