import Platform
import Synchronization
import Testing
import WorldKit

@testable import Platform

/// The outside: counts the calls, by what they were told of the intent, and fails as it is told to.
private final class Outside: Sendable {
  private let state = Mutex<(calls: [String], failures: Int)>(([], 0))
  private let interlude = Mutex<@Sendable () async throws -> Void>({})

  var calls: [String] { state.withLock { $0.calls } }

  func failNext(_ count: Int) { state.withLock { $0.failures = count } }

  /// What happens while a call is under way.
  func whileCalled(_ body: @escaping @Sendable () async throws -> Void) {
    interlude.withLock { $0 = body }
  }

  func call(_ intent: String) async throws {
    try await interlude.withLock { $0 }()
    let fails = state.withLock { state in
      state.calls.append(intent)
      state.failures -= 1
      return state.failures >= 0
    }
    if fails { throw Failure() }
  }
}

private struct Charge: OutwardOperation {
  static let permission = Permission("tally.charge", .superAdmins)
  static let repeats = Repeats.firstAnswer

  let outside: Outside

  var target: AuditTarget { AuditTarget("charge", "a") }

  func intend(
    in tally: InTransaction<TallyModule>,
    as admin: Authorized<Self>
  ) async throws -> String {
    try await tally.process(InsertLabel(label: "intended"))
    return "intent \(try await tally.module.count("intended"))"
  }

  func reach(_ intent: String, from tally: TallyModule) async throws -> String {
    // Whoever waits for the outside holds no connection.
    _ = try await tally.count()
    try await outside.call(intent)
    return "reply to \(intent)"
  }

  func conclude(
    _ intent: String,
    _ reply: String,
    in tally: InTransaction<TallyModule>
  ) async throws -> String {
    try await tally.process(InsertLabel(label: "concluded"))
    return reply
  }
}

@Suite struct OutwardOperationTests {
  private func withCharges(
    _ body: (World, TallyModule, RecordingAuditLog, Admin) async throws -> Void
  ) async throws {
    try await withTally(poolSize: 1) { world, tally async throws in
      let audit = RecordingAuditLog()
      var tally = tally
      tally.gate = world.gate(of: [Charge.self], audit: audit)
      try await body(world, tally, audit, try await world.admin())
    }
  }

  private func call(
    _ charge: Charge,
    as admin: Admin,
    key: String? = "k",
    in tally: TallyModule
  ) async throws -> String {
    let call = RequestContext(requestID: "r", idempotencyKey: key)
    return try await RequestContext.$current.withValue(call) {
      let result = try await tally.call(charge, as: admin) {
        Array("request".utf8)
      } answer: {
        Array($0.utf8)
      }
      switch result {
      case .ran(let output): return output
      case .repeated(let bytes): return String(decoding: bytes, as: UTF8.self)
      }
    }
  }

  @Test func `the outside is called between two transactions, and each has an audit row`()
    async throws
  {
    try await withCharges { world, tally, audit, admin async throws in
      let outside = Outside()
      #expect(try await call(Charge(outside: outside), as: admin, in: tally) == "reply to intent 1")
      #expect(outside.calls == ["intent 1"])
      #expect(audit.entries.map(\.outcome) == [.begun, .succeeded])
      #expect(try await tally.count("concluded") == 1)
    }
  }

  @Test func `a repetition gets the first answer and calls nobody`() async throws {
    try await withCharges { world, tally, audit, admin async throws in
      let outside = Outside()
      let charge = Charge(outside: outside)
      let first = try await call(charge, as: admin, in: tally)
      #expect(try await call(charge, as: admin, in: tally) == first)
      #expect(outside.calls.count == 1)
      #expect(audit.entries.map(\.outcome) == [.begun, .succeeded])
    }
  }

  @Test func `after a failure the same key makes the same call again`() async throws {
    try await withCharges { world, tally, audit, admin async throws in
      let outside = Outside()
      outside.failNext(1)
      let charge = Charge(outside: outside)
      await #expect(throws: Failure.self) { try await call(charge, as: admin, in: tally) }
      #expect(audit.entries.map(\.outcome) == [.begun, .failed])
      #expect(try await call(charge, as: admin, in: tally) == "reply to intent 1")
      #expect(outside.calls == ["intent 1", "intent 1"])
      #expect(try await tally.count("intended") == 1)
      #expect(audit.entries.map(\.outcome) == [.begun, .failed, .succeeded])
    }
  }

  @Test func `a worker that died leaves its call alone for the lease, and then to a repetition`()
    async throws
  {
    try await withCharges { world, tally, audit, admin async throws in
      let outside = Outside()
      outside.failNext(1)
      let charge = Charge(outside: outside)
      await #expect(throws: Failure.self) { try await call(charge, as: admin, in: tally) }
      // As if the worker had died instead: it released nothing.
      let lease = (world.clock.clock.now + .seconds(120)).seconds
      try await world.execute(
        "UPDATE platform.idempotency_keys SET lease_until = to_timestamp(\(lease))"
      )
      await #expect(throws: IdempotencyError.underWay) {
        try await call(charge, as: admin, in: tally)
      }
      world.clock.advance(by: .seconds(121))
      #expect(try await call(charge, as: admin, in: tally) == "reply to intent 1")
    }
  }

  @Test func `a call that another one has taken over stores no answer`() async throws {
    try await withCharges { world, tally, audit, admin async throws in
      let outside = Outside()
      // While the first call is under way its lease ends, and another worker takes it over.
      outside.whileCalled {
        try await world.execute(
          "UPDATE platform.idempotency_keys SET lease_until = lease_until + interval '1 hour'"
        )
      }
      await #expect(throws: IdempotencyError.underWay) {
        try await call(Charge(outside: outside), as: admin, in: tally)
      }
      #expect(try await tally.count("concluded") == 0)
      #expect(
        try await world.number(
          "SELECT count(*) FROM platform.idempotency_keys WHERE response IS NULL"
        ) == 1
      )
    }
  }

  @Test func `it refuses to run inside a transaction`() async throws {
    try await withCharges { world, tally, audit, admin async throws in
      let outside = Outside()
      await #expect(throws: OutwardCallInTransaction.self) {
        try await tally.transaction { tally in
          _ = try await tally.process(Charge(outside: outside), as: admin)
        }
      }
      #expect(outside.calls.isEmpty)
    }
  }
}
