import AgentProtocols
import Contracts
import Platform
import Synchronization

/// The users of a node at one moment, in the chunks in which they were read. A user takes 40 bytes,
/// shared by all answers.
struct NodeUserList: Sendable {
  /// The max number of users in a chunk: about 100 kB when encoded, so that neither a statement nor
  /// a slow agent holds much more.
  static let chunk = 1_000

  private(set) var chunks: [[NodeUser]] = []
  private(set) var count = 0

  mutating func append(_ users: [NodeUser]) {
    guard !users.isEmpty else { return }
    chunks.append(users)
    count += users.count
  }
}

/// The user lists that a worker read last. The nodes of a group ask for the same list every minute,
/// so they share it.
///
/// A list depends only on the versions of the groups, as its tag does. While something is due, a
/// list must not be kept.
final class NodeUserListCache: Sendable {
  /// What a list is made of.
  struct Key: Hashable, Sendable {
    let groups: [NodeGroup.ID]
    let versions: [Int64]
  }

  private struct Entry {
    let versions: [Int64]
    let users: NodeUserList
    var lastUsed: UInt64
  }

  private struct State {
    var entries: [[NodeGroup.ID]: Entry] = [:]
    var users = 0
    var clock: UInt64 = 0
  }

  /// 8 MB, since an idle worker should stay below 40 MB.
  static let maxUsers = 200_000

  private let maxUsers: Int
  private let state = Mutex(State())

  init(maxUsers: Int = NodeUserListCache.maxUsers) {
    self.maxUsers = maxUsers
  }

  func find(_ key: Key) -> NodeUserList? {
    state.withLock { state in
      guard let entry = state.entries[key.groups], entry.versions == key.versions else {
        return nil
      }
      state.clock += 1
      state.entries[key.groups]?.lastUsed = state.clock
      return entry.users
    }
  }

  /// Keeps a list in place of an earlier one of the same groups.
  func keep(_ users: NodeUserList, _ key: Key) {
    state.withLock { state in
      // Versions only rise: a list that was read before another is older, and would be of no use.
      if let old = state.entries[key.groups] {
        guard zip(old.versions, key.versions).allSatisfy({ $0 <= $1 }) else { return }
        state.users -= Self.weight(of: old.users)
        state.entries[key.groups] = nil
      }
      // It would push out all others.
      guard Self.weight(of: users) <= maxUsers else { return }
      state.clock += 1
      state.entries[key.groups] = Entry(versions: key.versions, users: users, lastUsed: state.clock)
      state.users += Self.weight(of: users)
      while state.users > maxUsers,
        let oldest = state.entries.min(by: { $0.value.lastUsed < $1.value.lastUsed })
      {
        state.entries[oldest.key] = nil
        state.users -= Self.weight(of: oldest.value.users)
      }
    }
  }

  /// An empty list takes a place as well.
  private static func weight(of users: NodeUserList) -> Int { max(1, users.count) }

  var count: Int { state.withLock { $0.entries.count } }
}
