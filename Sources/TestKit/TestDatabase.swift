import LocalServers
import Synchronization

/// A PostgreSQL database of one test's own.
package struct TestDatabase: Sendable {
  package let name: String
  /// Where clients connect, as a user that may do everything.
  package let url: String

  /// Makes a database, empty or from a template. About 40 ms.
  package static func make(_ template: DatabaseTemplate? = nil) async throws -> TestDatabase {
    let servers = try await TestServers.shared.postgres()
    let name = "test_\(counter.wrappingAdd(1, ordering: .relaxed).newValue)"
    let source = try await template?.name ?? "template0"
    // Copying files is quicker than logging their content when nothing is synchronised to the disk.
    try await servers.runSQL(["CREATE DATABASE \(name) TEMPLATE \(source) STRATEGY FILE_COPY"])
    return TestDatabase(name: name, url: try servers.databaseURL(of: name))
  }

  /// Drops the database, also when clients are still connected.
  package func drop() async throws {
    try await TestServers.shared.postgres().runSQL(["DROP DATABASE \(name) WITH (FORCE)"])
  }

  private static let counter = Atomic(0)
}

/// A database that is filled once in a test process, then cloned by every test that wants its like.
package final class DatabaseTemplate: Sendable {
  private let made: StartedOnce<String>

  /// - Parameters:
  ///   - name: a database name, once in the process.
  ///   - build: gets the URL of a new, empty database and fills it. It must have closed its
  ///     connections when it returns.
  package init(name: String, build: @escaping @Sendable (_ url: String) async throws -> Void) {
    made = StartedOnce {
      let servers = try await TestServers.shared.postgres()
      try await servers.runSQL(["CREATE DATABASE \(name) TEMPLATE template0"])
      try await build(servers.databaseURL(of: name))
      // A connection to it would make every clone wait.
      try await servers.runSQL([
        "ALTER DATABASE \(name) WITH IS_TEMPLATE true ALLOW_CONNECTIONS false"
      ])
      return name
    }
  }

  /// The filled database's name.
  package var name: String {
    get async throws { try await made.value }
  }
}

/// Runs a test with a database of its own, which is dropped afterwards.
package func withTestDatabase<Result>(
  _ template: DatabaseTemplate? = nil,
  _ body: (TestDatabase) async throws -> Result
) async throws -> Result {
  let database = try await TestDatabase.make(template)
  let result: Result
  do {
    result = try await body(database)
  } catch {
    try? await database.drop()
    throw error
  }
  try await database.drop()
  return result
}

extension LocalServers {
  /// The URL of another database of the same PostgreSQL.
  package func databaseURL(of name: String) throws -> String {
    guard let url = databaseURL, let slash = url.lastIndex(of: "/") else {
      throw MissingServer.postgres
    }
    return url[...slash] + name
  }

  /// Asked for a server that was not started.
  enum MissingServer: Error {
    case postgres, redis, rabbitMQ, mailSink
  }
}
