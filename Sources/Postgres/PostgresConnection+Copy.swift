extension PostgresConnection {
  /// Runs `COPY … FROM STDIN` with the data that `body` writes, and returns how many rows were
  /// copied.
  ///
  /// When the body throws, nothing is copied and its error is thrown.
  package func copyIn(_ sql: String, _ body: (PostgresCopyWriter) async throws -> Void) async throws
    -> Int
  {
    _ = try await run(.copyStart(sql))
    do {
      try await body(PostgresCopyWriter(connection: self))
    } catch {
      // The refusal comes back as the server's error 57014, which says no more than `error`.
      _ = try? await finish(.copyEnd(refusal: "the client gave up"))
      throw error
    }
    guard case .rows(let rows) = try await run(.copyEnd(refusal: nil)) else { return 0 }
    return rows.affected
  }

  /// Runs `COPY … FROM STDIN` with the chunks of a sequence, and returns how many rows were copied.
  /// A chunk may hold any part of the data.
  package func copyIn<Chunks: AsyncSequence>(_ sql: String, rows: Chunks) async throws -> Int
  where Chunks.Element == [UInt8] {
    try await copyIn(sql) { writer in
      for try await chunk in rows { try await writer.write(chunk) }
    }
  }

  /// Runs `COPY … TO STDOUT` and returns its rows as they are read: the server waits while the
  /// reader does.
  ///
  /// A reader that stops early leaves the connection in the COPY; it is then closed when it is
  /// given back.
  package func copyOut(_ sql: String) -> AsyncThrowingStream<[UInt8], any Error> {
    let reader = CopyReader(connection: self, sql: sql)
    return AsyncThrowingStream(unfolding: { try await reader.next() })
  }
}

/// Takes the data of a `COPY … FROM STDIN`.
package struct PostgresCopyWriter: Sendable {
  let connection: PostgresConnection

  /// Sends some of the data, which need not end at a row's end. Returns when the operating system
  /// has taken it.
  package func write(_ bytes: [UInt8]) async throws {
    _ = try await connection.run(.copyData(bytes))
  }
}

/// Takes rows from the connection in batches, as many as have arrived, and hands them out one at a
/// time.
private actor CopyReader {
  private let connection: PostgresConnection
  private let sql: String
  private var started = false
  private var ended = false
  private var rows: ArraySlice<[UInt8]> = []

  init(connection: PostgresConnection, sql: String) {
    self.connection = connection
    self.sql = sql
  }

  func next() async throws -> [UInt8]? {
    if !started {
      started = true
      _ = try await connection.run(.copyStart(sql))
    }
    if rows.isEmpty, !ended {
      if case .copied(let batch) = try await connection.run(.copyRead) {
        rows = batch[...]
      } else {
        ended = true
      }
    }
    return rows.popFirst()
  }
}
