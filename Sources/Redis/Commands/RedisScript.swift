import Synchronization

/// A Lua script that runs atomically in the server. Make one per script and keep it, for it
/// remembers its digest.
package final class RedisScript: Sendable {
  /// The Lua text. It reads `KEYS` and `ARGV`.
  package let source: String
  private let known = Mutex<String?>(nil)

  package init(_ source: String) {
    self.source = source
  }

  /// The digest by which servers know the script, once one has told it.
  var digest: String? {
    get { known.withLock { $0 } }
    set { known.withLock { $0 = newValue } }
  }
}
