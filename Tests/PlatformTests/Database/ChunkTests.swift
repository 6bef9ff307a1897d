import Platform
import Postgres
import Synchronization
import Testing
import WorldKit

@testable import Platform

@Suite struct ChunkTests {
  @Test(arguments: [(0, []), (1, [1]), (10, [10]), (25, [10, 10, 5])] as [(Int32, [Int])])
  func `every row comes once, in its order and in chunks`(count: Int32, sizes: [Int]) async throws {
    try await withTally { world, tally async throws in
      let chunks = try await tally.transaction { tally in
        let chunks = Mutex<[[Int32]]>([])
        try await tally.transaction.readInChunks(of: 10, Quotients(count: count)) { rows in
          chunks.withLock { $0.append(rows) }
        }
        return chunks.withLock { $0 }
      }
      #expect(chunks.map(\.count) == sizes)
      #expect(chunks.flatMap { $0 } == (0..<count).map { 1_000 / ($0 - Quotients.never) })
    }
  }

  @Test func `a statement that fails half-way ends with its error, and the transaction is over`()
    async throws
  {
    try await withTally { world, tally async throws in
      let read = Mutex(0)
      await #expect(throws: PostgresError.self) {
        try await tally.transaction { tally in
          try await tally.transaction.readInChunks(of: 10, Quotients(count: 100, zeroAt: 35)) {
            rows in
            read.withLock { $0 += rows.count }
          }
        }
      }
      #expect(read.withLock { $0 } == 30)
      #expect(try await tally.count() == 0)
    }
  }

  @Test func `all chunks are of one moment, whatever others commit between them`() async throws {
    try await withTally { world, tally async throws in
      for _ in 0..<30 { try await tally.database.process(InsertLabel()) }
      let rows = try await tally.transaction { tally in
        let rows = Mutex(0)
        try await tally.transaction.readInChunks(of: 10, Labels()) { chunk in
          rows.withLock { $0 += chunk.count }
          try await Task.detached { try await tally.database.process(InsertLabel()) }.value
        }
        return rows.withLock { $0 }
      }
      #expect(rows == 30)
      #expect(try await tally.count() == 33)
    }
  }

  @Test func `statements of one transaction are read in chunks one after the other`() async throws {
    try await withTally { world, tally async throws in
      let rows = try await tally.transaction { tally in
        let rows = Mutex(0)
        for _ in 0..<2 {
          try await tally.transaction.readInChunks(of: 10, Quotients(count: 15)) { chunk in
            rows.withLock { $0 += chunk.count }
          }
        }
        return rows.withLock { $0 }
      }
      #expect(rows == 30)
    }
  }
}

/// Rows that are made as they are read, one of which may not be possible.
private struct Quotients: Statement {
  typealias Context = DatabaseProcessor
  typealias Output = [Int32]

  static let sql = "SELECT 1000 / (n - $2::integer) FROM generate_series(0, $1::integer - 1) AS n"
  /// No row divides by this.
  static let never: Int32 = -1

  let count: Int32
  var zeroAt = Self.never

  func bind(to bindings: inout PostgresBindings) {
    bindings.append(count)
    bindings.append(zeroAt)
  }

  static func decode(_ rows: PostgresRows) throws -> [Int32] { try rows.map { try $0.decode(0) } }
}

private struct Labels: Statement {
  typealias Context = DatabaseProcessor
  typealias Output = [String]

  static let sql = "SELECT label FROM tally"

  func bind(to bindings: inout PostgresBindings) {}

  static func decode(_ rows: PostgresRows) throws -> [String] { try rows.map { try $0.decode(0) } }
}
