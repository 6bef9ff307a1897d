import Logging
import Synchronization
import TestKit

@testable import Postgres

/// Runs a test with a database and a client of its own, and checks that it leaves no connection
/// lent and nobody waiting.
func withClient<R>(
  _ configure: (inout PostgresConfiguration) -> Void = { _ in },
  _ body: (PostgresClient) async throws -> R
) async throws -> R {
  try await withTestDatabase { database in
    try await withClient(url: database.url, configure, body)
  }
}

func withClient<R>(
  url: String,
  _ configure: (inout PostgresConfiguration) -> Void = { _ in },
  _ body: (PostgresClient) async throws -> R
) async throws -> R {
  var configuration = try PostgresConfiguration(url: url)
  configure(&configuration)
  let client = PostgresClient(configuration: configuration, logger: quiet)
  do {
    let result = try await body(client)
    await client.close()
    return result
  } catch {
    await client.close()
    throw error
  }
}

let quiet = Logger(label: "postgres.tests") { _ in SwiftLogNoOpLogHandler() }

extension PostgresQuery {
  init<each T: PostgresEncodable>(_ sql: String, _ values: repeat each T) {
    var bindings = PostgresBindings()
    repeat bindings.append(each values)
    self.init(sql, bindings)
  }
}

extension PostgresClient {
  func value<T: PostgresDecodable>(_ query: PostgresQuery, as type: T.Type = T.self) async throws
    -> T
  {
    let rows = try await self.query(query)
    guard let row = rows.first else { throw NoRow() }
    return try row.decode(0, as: T.self)
  }
}

extension PostgresConnection {
  func value<T: PostgresDecodable>(_ query: PostgresQuery, as type: T.Type = T.self) async throws
    -> T
  {
    let rows = try await self.query(query)
    guard let row = rows.first else { throw NoRow() }
    return try row.decode(0, as: T.self)
  }
}

struct NoRow: Error {}
struct Refused: Error, Equatable {}
struct TookTooLong: Error {}

/// Waits until something holds; gives up after far longer than any machine needs.
func eventually(_ holds: () async throws -> Bool) async throws {
  for _ in 0..<6000 {
    if try await holds() { return }
    try await Task.sleep(for: .milliseconds(10))
  }
  throw TookTooLong()
}

/// A number that tasks share.
final class Counter: Sendable {
  private let number = Atomic(0)

  var value: Int { number.load(ordering: .relaxed) }

  @discardableResult
  func add(_ amount: Int = 1) -> Int { number.wrappingAdd(amount, ordering: .relaxed).newValue }

  func raise(to least: Int) { number.max(least, ordering: .relaxed) }
}

/// What tasks leave, in order.
final class Record<Element: Sendable>: Sendable {
  private let list = Mutex<[Element]>([])

  var elements: [Element] { list.withLock { $0 } }

  func append(_ element: Element) { list.withLock { $0.append(element) } }
}
