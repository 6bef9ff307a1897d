import NIOCore
import NIOHTTPTypes

/// Closes a connection whose client doesn't take its answer. A client that stops reading would
/// otherwise hold a long list forever.
final class AnswerLimits: ChannelOutboundHandler, RemovableChannelHandler {
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  /// For one piece, from when it was written until the system has taken it: 64 KiB at 16 kbit/s.
  static let usualDeadline = TimeAmount.seconds(35)

  private let deadline: TimeAmount

  init(deadline: TimeAmount = usualDeadline) {
    self.deadline = deadline
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard case .body = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
    let timeout = context.eventLoop.assumeIsolated().scheduleTask(in: deadline) {
      context.close(promise: nil)
    }
    let written = promise ?? context.eventLoop.makePromise()
    written.futureResult.whenComplete { _ in timeout.cancel() }
    context.write(data, promise: written)
  }
}
