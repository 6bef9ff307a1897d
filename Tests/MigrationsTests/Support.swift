import Logging
import Postgres
import TestKit

@testable import Migrations

func migrations(_ files: KeyValuePairs<String, String>) throws -> [Migration] {
  try files.map { try Migration(fileName: $0.key, sql: $0.value) }
}

func withClient(
  _ configure: (inout PostgresConfiguration) -> Void = { _ in },
  _ body: (PostgresClient) async throws -> Void
) async throws {
  try await withTestDatabase { database in
    try await withClient(url: database.url, configure, body)
  }
}

func withClient(
  url: String,
  _ configure: (inout PostgresConfiguration) -> Void = { _ in },
  _ body: (PostgresClient) async throws -> Void
) async throws {
  var configuration = try PostgresConfiguration(url: url)
  configure(&configuration)
  let client = PostgresClient(configuration: configuration, logger: quiet)
  do {
    try await body(client)
  } catch {
    await client.close()
    throw error
  }
  await client.close()
}

func runner(_ client: PostgresClient, _ migrations: [Migration], locks: LockPatience = .standard)
  -> MigrationRunner
{
  MigrationRunner(client: client, migrations: migrations, locks: locks, logger: quiet)
}

func number(_ client: PostgresClient, _ sql: String) async throws -> Int64 {
  try await client.query(PostgresQuery(sql)).first?.decode(0, as: Int64.self) ?? 0
}

/// Waits until something holds. The bound is for hangs alone, far from what any machine needs.
func eventually(_ holds: () async throws -> Bool) async throws {
  for _ in 0..<6_000 {
    if try await holds() { return }
    try await Task.sleep(for: .milliseconds(20))
  }
  throw NeverHappened()
}

struct NeverHappened: Error {}

let quiet: Logger = {
  var logger = Logger(label: "test")
  logger.logLevel = .critical
  return logger
}()
