import AgentProtocols
import Platform
import Postgres
import Synchronization

/// The settings and routes of the servers whose agents called last. Parsing them costs more than
/// all the rest of a poll, and almost always they are stored as they were.
enum NodeSettingsMemo {
  struct Parsed: Sendable {
    let settings: NodeServerSettings
    let routes: [NodeRoute]
  }

  private struct Entry {
    let settings: [UInt8]
    let routes: [UInt8]
    let parsed: Parsed
  }

  /// A few kilobytes each. An installation with more servers parses some of them again.
  private static let maxServers = 1_000

  private static let entries = Mutex<[NodeServer.ID: Entry]>([:])

  /// Throws what is wrong with the stored documents.
  static func parse(_ id: NodeServer.ID, settings: PostgresJSON, routes: PostgresJSON) throws
    -> Parsed
  {
    if let entry = entries.withLock({ $0[id] }), entry.settings == settings.bytes,
      entry.routes == routes.bytes
    {
      return entry.parsed
    }
    let parsed = Parsed(
      settings: try NodeServerSettings.decode(json: settings.bytes),
      routes: try [NodeRoute].decode(json: routes.bytes)
    )
    entries.withLock { entries in
      if entries.count >= maxServers, entries[id] == nil { entries.removeAll() }
      entries[id] = Entry(settings: settings.bytes, routes: routes.bytes, parsed: parsed)
    }
    return parsed
  }
}
