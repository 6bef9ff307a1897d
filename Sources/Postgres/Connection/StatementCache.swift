/// The statements that a connection's session keeps parsed, at most `capacity` of them; the one
/// unused for longest makes room.
struct StatementCache {
  /// Text and parameter types: the same text with other types is another statement.
  struct Key: Hashable, Sendable {
    let sql: String
    let types: [PostgresType]
  }

  enum Use: Equatable {
    /// The session has it under this name.
    case ready(name: String)
    /// It must be prepared under this name first, after `evicting` has been deallocated.
    case prepare(name: String, evicting: String?)
  }

  private struct Entry {
    let name: String
    var lastUse: UInt64
  }

  private let capacity: Int
  private var entries: [Key: Entry] = [:]
  private var uses: UInt64 = 0
  private var names: UInt64 = 0

  init(capacity: Int) { self.capacity = max(1, capacity) }

  var count: Int { entries.count }

  /// Answers are in the order of requests, so a statement counts as prepared as soon as it has been
  /// sent; `forget` takes it back.
  mutating func use(_ key: Key) -> Use {
    uses += 1
    if let known = entries.index(forKey: key) {
      entries.values[known].lastUse = uses
      return .ready(name: entries.values[known].name)
    }
    var evicted: String?
    if entries.count >= capacity,
      let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse })
    {
      evicted = oldest.value.name
      entries[oldest.key] = nil
    }
    names += 1
    let name = "s\(names)"
    entries[key] = Entry(name: name, lastUse: uses)
    return .prepare(name: name, evicting: evicted)
  }

  mutating func forget(_ key: Key) { entries[key] = nil }
}
