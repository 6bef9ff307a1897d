import LocalServers
import TestKit
import Testing

@testable import Postgres

/// A server of the test's own, which is killed.
@Suite struct OutageTests {
  @Test
  func `a server killed under load fails its callers, none hangs, and all recover when it is back`()
    async throws
  {
    try await withTestServers([.postgres]) { servers in
      let url = try servers.databaseURL(of: "helium")
      try await withClient(url: url, { $0.acquireTimeout = .milliseconds(500) }) { client in
        let stop = Counter()
        let good = Counter()
        let bad = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
          for caller in 0..<24 {
            group.addTask {
              while stop.value == 0 {
                do {
                  switch caller % 3 {
                  case 0: _ = try await client.query(PostgresQuery("SELECT $1", caller))
                  case 1: _ = try await client.pipelined(PostgresQuery("SELECT $1", caller))
                  default:
                    try await client.transaction {
                      _ = try await $0.query(
                        PostgresQuery("SELECT pg_advisory_xact_lock($1)", caller)
                      )
                    }
                  }
                  good.add()
                } catch {
                  let isFailure =
                    (error as? PostgresError)?.isConnectionFailure
                    ?? (error as? PostgresClientError)?.isConnectionFailure ?? false
                  #expect(isFailure || error as? PostgresClientError == .poolExhausted, "\(error)")
                  bad.add()
                  try await Task.sleep(for: .milliseconds(5))
                }
              }
            }
          }
          for _ in 0..<2 {
            let before = good.value
            try await eventually { good.value > before + 200 }
            let failures = bad.value
            await servers.crash(.postgres)
            try await eventually { bad.value > failures }
            try await servers.restart(.postgres)
          }
          let before = good.value
          try await eventually { good.value > before + 200 }
          stop.add()
          try await group.waitForAll()
        }
        try await eventually { client.statistics.leased == 0 && client.statistics.waiting == 0 }
      }
    }
  }

  @Test func `a client made before its server waits for it`() async throws {
    try await withTestServers([.postgres]) { servers in
      let url = try servers.databaseURL(of: "helium")
      await servers.crash(.postgres)
      try await withClient(url: url, { $0.acquireTimeout = .seconds(60) }) { client in
        async let answer = client.value(PostgresQuery("SELECT 1"), as: Int.self)
        async let shared = client.pipelined(PostgresQuery("SELECT 2")).first?.decode(
          0,
          as: Int.self
        )
        try await servers.restart(.postgres)
        #expect(try await answer == 1)
        #expect(try await shared == 2)
      }
    }
  }

  @Test func `while the server is away callers learn why they get no connection`() async throws {
    try await withTestServers([.postgres]) { servers in
      let url = try servers.databaseURL(of: "helium")
      await servers.crash(.postgres)
      try await withClient(
        url: url,
        { ($0.acquireTimeout, $0.connectTimeout) = (.seconds(2), .seconds(1)) }
      ) { client in
        let error = await #expect(throws: PostgresClientError.self) {
          _ = try await client.query(PostgresQuery("SELECT 1"))
        }
        #expect(error?.isConnectionFailure == true)
      }
    }
  }

  @Test func `a listener survives a restart`() async throws {
    try await withTestServers([.postgres]) { servers in
      let url = try servers.databaseURL(of: "helium")
      try await withClient(url: url) { client in
        var iterator = client.listen("news").makeAsyncIterator()
        #expect(await iterator.next() == .reconnected)
        await servers.crash(.postgres)
        try await servers.restart(.postgres)
        #expect(await iterator.next() == .reconnected)
        _ = try await client.query(PostgresQuery("SELECT pg_notify('news', 'back')"))
        guard case .message(_, "back", _) = await iterator.next() else {
          return _ = Issue.record("no message")
        }
      }
    }
  }
}
