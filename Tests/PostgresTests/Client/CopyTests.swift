import Testing

@testable import Postgres

@Suite struct CopyTests {
  private static let rows = 100_000

  @Test func `a hundred thousand rows in and out`() async throws {
    try await withClient { client in
      try await client.withConnection { connection in
        try await connection.execute(script: "CREATE TABLE t (a int, b text)")
        let chunks = AsyncStream<[UInt8]> { continuation in
          for start in stride(from: 0, to: Self.rows, by: 1000) {
            continuation.yield(
              (start..<start + 1000).flatMap { Array("\($0)\tvalue \($0)\n".utf8) }
            )
          }
          continuation.finish()
        }
        #expect(try await connection.copyIn("COPY t FROM STDIN", rows: chunks) == Self.rows)
        var next = 0
        for try await row in connection.copyOut("COPY (SELECT * FROM t ORDER BY a) TO STDOUT") {
          if row != Array("\(next)\tvalue \(next)\n".utf8) {
            Issue.record("row \(next) is \(String(decoding: row, as: UTF8.self))")
          }
          next += 1
        }
        #expect(next == Self.rows)
        #expect(
          try await connection.value(PostgresQuery("SELECT count(*) FROM t"), as: Int.self)
            == Self.rows
        )
      }
    }
  }

  @Test func `bad data is the server's error, and the connection goes on`() async throws {
    try await withClient { client in
      try await client.withConnection { connection in
        try await connection.execute(script: "CREATE TABLE t (a int)")
        let error = await #expect(throws: PostgresError.self) {
          _ = try await connection.copyIn("COPY t FROM STDIN") { writer in
            try await writer.write(Array("1\nx\n".utf8))
            // The server's error comes before the end is sent.
            try await Task.sleep(for: .milliseconds(100))
          }
        }
        #expect(error?.sqlState == "22P02")
        await #expect(throws: PostgresError.self) {
          _ = try await connection.copyIn("COPY missing FROM STDIN") { _ in }
        }
        await #expect(throws: PostgresError.self) {
          for try await _ in connection.copyOut("COPY missing TO STDOUT") {}
        }
        await #expect(throws: PostgresClientError.self) {
          _ = try await connection.copyIn("SELECT 1") { _ in }
        }
        #expect(
          try await connection.value(PostgresQuery("SELECT count(*) FROM t"), as: Int.self) == 0
        )
      }
    }
  }

  @Test func `a writer that fails copies nothing`() async throws {
    try await withClient { client in
      try await client.withConnection { connection in
        try await connection.execute(script: "CREATE TABLE t (a int)")
        await #expect(throws: Refused()) {
          _ = try await connection.copyIn("COPY t FROM STDIN") { writer in
            try await writer.write(Array("1\n".utf8))
            throw Refused()
          }
        }
        #expect(
          try await connection.value(PostgresQuery("SELECT count(*) FROM t"), as: Int.self) == 0
        )
      }
    }
  }

  @Test func `a reader that stops early costs its connection only`() async throws {
    try await withClient({ $0.poolSize = 1 }) { client in
      try await client.withConnection { connection in
        for try await _ in connection.copyOut("COPY (SELECT generate_series(1, 1000000)) TO STDOUT")
        { break }
        await #expect(throws: PostgresClientError.self) {
          _ = try await connection.query(PostgresQuery("SELECT 1"))
        }
      }
      #expect(try await client.value(PostgresQuery("SELECT 1"), as: Int.self) == 1)
    }
  }

  @Test func `a COPY inside a transaction is undone with it`() async throws {
    try await withClient { client in
      _ = try await client.query(PostgresQuery("CREATE TABLE t (a int)"))
      await #expect(throws: Refused()) {
        try await client.transaction { transaction in
          #expect(
            try await transaction.copyIn("COPY t FROM STDIN") {
              try await $0.write(Array("1\n2\n".utf8))
            } == 2
          )
          throw Refused()
        }
      }
      #expect(try await client.value(PostgresQuery("SELECT count(*) FROM t"), as: Int.self) == 0)
    }
  }
}
