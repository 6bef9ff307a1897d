package import Hummingbird
import NIOCore

/// The context of one HTTP request, which knows the peer's address.
package struct HTTPCall: Hummingbird.RequestContext {
  package var coreContext: CoreRequestContextStorage
  /// The peer's IP address; empty where it has none, as on a Unix socket.
  let peer: String

  package init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    peer = source.channel.remoteAddress?.ipAddress ?? ""
  }
}
