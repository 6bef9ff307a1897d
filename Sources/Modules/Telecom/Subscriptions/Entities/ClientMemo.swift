import SubscriptionFormats
import Synchronization

/// The clients that recent User-Agents belong to. There are some hundreds of them, and looking
/// through one for every product that there is costs as much as the rest of an answer.
final class ClientMemo: Sendable {
  private struct Key: Hashable {
    let userAgent: String
    let query: String?
  }

  /// Enough for all versions in use. Beyond this, all are forgotten and determined again.
  private static let maxClients = 2_000
  /// Real names are shorter. Longer ones aren't kept, so that nobody can fill the memory.
  private static let longestKey = 256

  private let clients = Mutex<[Key: SubscriptionClient]>([:])

  /// - Parameter query: the format that the link itself names.
  func client(userAgent: String, query: String?) -> SubscriptionClient {
    guard userAgent.utf8.count + (query?.utf8.count ?? 0) <= Self.longestKey else {
      return SubscriptionClient(userAgent: userAgent, query: query)
    }
    let key = Key(userAgent: userAgent, query: query)
    if let client = clients.withLock({ $0[key] }) { return client }
    let client = SubscriptionClient(userAgent: userAgent, query: query)
    clients.withLock { clients in
      if clients.count >= Self.maxClients { clients.removeAll() }
      clients[key] = client
    }
    return client
  }
}
