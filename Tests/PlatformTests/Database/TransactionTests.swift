import Platform
import Postgres
import Synchronization
import Testing
import WorldKit

@testable import Platform

@Suite struct TransactionTests {
  @Test func `inner transactions join the outer one`() async throws {
    try await withTally { world, tally async throws in
      let seen = Mutex<Int64>(0)
      await #expect(throws: Failure.self) {
        try await tally.transaction { tally in
          try await tally.module.transaction { tally in try await tally.process(InsertLabel()) }
          let count = try await tally.module.count()
          seen.withLock { $0 = count }
          throw Failure()
        }
      }
      #expect(seen.withLock { $0 } == 1)
      #expect(try await tally.count() == 0)
    }
  }

  @Test
  func `what an inner failure has doomed can't be committed, though the outer body swallows it`()
    async throws
  {
    try await withTally { world, tally async throws in
      await #expect(throws: TransactionEnded.self) {
        try await tally.transaction { tally in
          try await tally.process(InsertLabel())
          try? await tally.module.transaction { _ in throw Failure() }
        }
      }
      #expect(try await tally.count() == 0)
    }
  }

  @Test func `nothing runs in a doomed transaction`() async throws {
    try await withTally { world, tally async throws in
      let refusals = Mutex(0)
      await #expect(throws: TransactionEnded.self) {
        try await tally.transaction { tally in
          try? await tally.module.transaction { _ in throw Failure() }
          do { try await tally.process(InsertLabel()) } catch is TransactionEnded {
            refusals.withLock { $0 += 1 }
          }
        }
      }
      #expect(refusals.withLock { $0 } == 1)
      #expect(try await tally.count() == 0)
    }
  }

  @Test func `a second connection is refused inside a transaction, in child tasks too`()
    async throws
  {
    try await withTally(poolSize: 1) { world, tally async throws in
      try await tally.transaction { _ in
        await #expect(throws: SecondConnection.self) {
          try await tally.process(CountLabel())
        }
        await #expect(throws: SecondConnection.self) { try await tally.transaction { _ in } }
        let results = await race(2) { _ in try await tally.count() }
        #expect(results.failed.count { $0 is SecondConnection } == 2)
      }
      // The pool is free again afterwards.
      #expect(try await tally.count() == 0)
    }
  }

  @Test func `a transaction that ended takes no statement`() async throws {
    try await withTally { world, tally async throws in
      let kept = try await tally.transaction { tally in
        try await tally.process(InsertLabel())
        return tally
      }
      await #expect(throws: TransactionEnded.self) {
        try await kept.process(InsertLabel())
      }
      await #expect(throws: TransactionEnded.self) {
        try await kept.module.transaction { tally in try await tally.module.count() }
      }
      #expect(try await tally.count() == 1)
    }
  }

  @Test func `a commit that the database refuses is an error and leaves nothing`() async throws {
    try await withTally { world, tally async throws in
      try await world.execute(
        "ALTER TABLE tally ADD CONSTRAINT once EXCLUDE (label WITH =) DEFERRABLE INITIALLY DEFERRED"
      )
      let error = await #expect(throws: PostgresError.self) {
        try await tally.transaction { tally in
          try await tally.process(InsertLabel())
          try await tally.process(InsertLabel())
        }
      }
      #expect(error?.isExclusionViolation == true)
      #expect(try await tally.count() == 0)
    }
  }

  @Test func `what follows a commit runs once, in its order, and can ask the pool`() async throws {
    try await withTally(poolSize: 1) { world, tally async throws in
      let seen = Mutex<[Int64]>([])
      try await tally.transaction { handle in
        handle.afterCommit {
          let count = try await tally.count()
          seen.withLock { $0.append(count) }
        }
        try await handle.module.transaction { inner in
          inner.afterCommit { seen.withLock { $0.append(-1) } }
        }
        try await handle.process(InsertLabel())
        #expect(seen.withLock { $0 } == [])
      }
      #expect(seen.withLock { $0 } == [1, -1])
    }
  }

  @Test func `what is rolled back is followed by nothing`() async throws {
    try await withTally { world, tally async throws in
      let ran = Mutex(0)
      await #expect(throws: Failure.self) {
        try await tally.transaction { tally in
          tally.afterCommit { ran.withLock { $0 += 1 } }
          throw Failure()
        }
      }
      await #expect(throws: TransactionEnded.self) {
        try await tally.transaction { tally in
          tally.afterCommit { ran.withLock { $0 += 1 } }
          try? await tally.module.transaction { _ in throw Failure() }
        }
      }
      #expect(ran.withLock { $0 } == 0)
    }
  }

  @Test func `an effect that fails leaves the commit, and the effects after it`() async throws {
    try await withTally { world, tally async throws in
      let ran = Mutex(0)
      try await tally.transaction { tally in
        try await tally.process(InsertLabel())
        tally.afterCommit { throw Failure() }
        tally.afterCommit { ran.withLock { $0 += 1 } }
      }
      #expect(ran.withLock { $0 } == 1)
      #expect(try await tally.count() == 1)
    }
  }

  @Test func `a row that breaks its schema is corrupt, never a wrong request`() async throws {
    struct Misread: Statement {
      typealias Context = DatabaseProcessor
      typealias Output = Currency
      static let sql = "SELECT 'euro'::text"
      func bind(to bindings: inout PostgresBindings) {}
      static func decode(_ rows: PostgresRows) throws -> Currency {
        try Currency(rows.first.map { try $0.decode(0) } ?? "EUR")
      }
    }
    try await withTally { world, _ async throws in
      let error = await #expect(throws: CorruptRow.self) {
        try await world.database.process(Misread())
      }
      #expect(error?.statement.contains("Misread") == true)
    }
  }

  @Test func `messages are published with the commit, in their order`() async throws {
    try await withTally { world, tally async throws in
      let call = RequestContext(requestID: "request-1", causationID: "cause-1")
      try await RequestContext.$current.withValue(call) {
        try await tally.transaction { tally in
          try await tally.publish([LabelCounted(label: "1"), CountLater(label: "2")])
          try await tally.publish(LabelCounted(label: "3"))
        }
      }
      let published = try await world.published()
      #expect(published.map(\.body) == [#"{"label":"1"}"#, #"{"label":"2"}"#, #"{"label":"3"}"#])
      #expect(published.map(\.name) == [LabelCounted.name, CountLater.name, LabelCounted.name])
      #expect(
        try await world.number(
          "SELECT count(*) FROM platform.outbox WHERE correlation_id = 'request-1' AND causation_id = 'cause-1'"
        ) == 3
      )
      #expect(
        try await world.number("SELECT count(*) FROM platform.outbox WHERE kind = 'job'") == 1
      )
    }
  }

  @Test func `nothing is published by what is rolled back`() async throws {
    try await withTally { world, tally async throws in
      await #expect(throws: Failure.self) {
        try await tally.transaction { tally in
          try await tally.publish(LabelCounted())
          throw Failure()
        }
      }
      #expect(try await world.published().isEmpty)
    }
  }

  @Test func `a database belongs to the first tenant that claims it`() async throws {
    try await withTally { world, _ async throws in
      try await world.database.claimInstallation(for: "one", at: World.noon)
      try await world.database.claimInstallation(for: "one", at: World.noon)
      let error = await #expect(throws: ForeignInstallation.self) {
        try await world.database.claimInstallation(for: "two", at: World.noon)
      }
      #expect(error?.owner == "one")
      #expect(try await world.database.isMigrated())
    }
  }
}
