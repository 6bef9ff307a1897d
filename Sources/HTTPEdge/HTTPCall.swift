package import Hummingbird
package import Logging
import NIOCore

/// The context of one HTTP request, which knows the peer's address.
package struct HTTPCall: Hummingbird.RequestContext {
  package var coreContext: CoreRequestContextStorage
  /// The peer's IP address; empty where it has none, as on a Unix socket.
  package let peer: String

  package init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    peer = source.channel.remoteAddress?.ipAddress ?? ""
  }

  /// The context of a request that came over no connection, as when tests call a router.
  package init(peer: String, logger: Logger) {
    coreContext = CoreRequestContextStorage(source: Unconnected(logger: logger))
    self.peer = peer
  }

  private struct Unconnected: RequestContextSource {
    let logger: Logger
  }
}
