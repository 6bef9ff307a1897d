import SubscriptionFormats
import Synchronization

/// What clients the User-Agents are that fetched last. There are some hundreds of them, and looking
/// through one for every product that there is costs as much as the rest of an answer.
final class ClientMemo: Sendable {
  private struct Key: Hashable {
    let userAgent: String
    let query: String?
  }

  /// All versions that are in use, and their users' spellings; more are forgotten at once, and told
  /// anew.
  private static let mostClients = 2_000
  /// Clients' names are shorter. One that is longer is told each time, so that nobody fills the
  /// memory.
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
      if clients.count >= Self.mostClients { clients.removeAll() }
      clients[key] = client
    }
    return client
  }
}
