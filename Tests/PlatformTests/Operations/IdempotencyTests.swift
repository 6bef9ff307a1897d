import Crypto
import FieldViolations
import Platform
import Testing
import WorldKit

@testable import Platform

@Suite struct IdempotencyTests {
  private struct Insert: CustomerOperation {
    static let repeats = Repeats.firstAnswer

    var fails = false

    func perform(in tally: InTransaction<TallyModule>) async throws -> String {
      try await tally.process(InsertLabel())
      if fails { throw Failure() }
      return "secret"
    }
  }

  private struct InsertAsPartner: PartnerOperation {
    static let repeats = Repeats.firstAnswer

    func perform(in tally: InTransaction<TallyModule>) async throws -> String {
      try await tally.process(InsertLabel())
      return "secret"
    }
  }

  private struct Count: CustomerOperation {
    static let repeats = Repeats.firstAnswer

    func perform(in tally: InTransaction<TallyModule>) async throws -> String {
      try await tally.process(InsertLabel())
      return "counted"
    }
  }

  private struct Again: CustomerOperation {
    func perform(in tally: InTransaction<TallyModule>) async throws -> String {
      try await tally.process(InsertLabel())
      return "again"
    }
  }

  private struct InsertAsAdmin: AdminOperation {
    static let permission = Permission("tally.label.insert", .moderators)
    static let repeats = Repeats.firstAnswer

    var target: AuditTarget { AuditTarget("label", "a") }

    func perform(
      in tally: InTransaction<TallyModule>,
      as admin: Authorized<Self>
    ) async throws -> String {
      try await tally.process(InsertLabel())
      return "secret"
    }
  }

  /// Another module with an operation of the same name.
  private struct OtherModule: Module {
    static let name = "other"

    var database: DatabaseProcessor
    var gate: CallGate
  }

  private struct InsertElsewhere: CustomerOperation {
    static let repeats = Repeats.firstAnswer
    static let name = Insert.name

    func perform(in other: InTransaction<OtherModule>) async throws -> String {
      try await other.process(InsertLabel())
      return "secret"
    }
  }

  /// One call over the edge, with a key and a request of these bytes.
  private func call<O: CalledOperation, M: Module>(
    _ operation: O,
    as caller: O.Caller,
    key: String? = "k",
    request: String = "r",
    in module: M
  ) async throws -> String where O.Output == String, O.Context.Home == M {
    let call = RequestContext(requestID: "r", idempotencyKey: key)
    return try await RequestContext.$current.withValue(call) {
      let result = try await module.call(operation, as: caller) {
        Array(request.utf8)
      } answer: {
        Array($0.utf8)
      }
      switch result {
      case .ran(let output): return output
      case .repeated(let bytes): return String(decoding: bytes, as: UTF8.self)
      }
    }
  }

  private func customer(_ world: World) -> Customer {
    Customer(id: world.ids.next(), session: world.ids.next())
  }

  @Test func `fifty calls at once have one effect and one answer`() async throws {
    try await withTally { world, tally async throws in
      let customer = customer(world)
      let results = await race(50) { try await call(Insert(), as: customer, in: tally) }
      #expect(results.failed.isEmpty)
      #expect(results.succeeded == Array(repeating: "secret", count: 50))
      #expect(try await tally.count() == 1)
    }
  }

  @Test func `another request with the same key is refused and has no effect`() async throws {
    try await withTally { world, tally async throws in
      let customer = customer(world)
      _ = try await call(Insert(), as: customer, in: tally)
      let error = await #expect(throws: IdempotencyError.keyReused) {
        try await call(Insert(), as: customer, request: "other", in: tally)
      }
      #expect(error?.violations.map(\.field) == ["idempotency-key"])
      #expect(try await tally.count() == 1)
    }
  }

  @Test func `a key is its caller's, its kind of caller's, its module's and its operation's own`()
    async throws
  {
    try await withTally { world, tally async throws in
      let customer = customer(world)
      let other = OtherModule(database: tally.database, gate: tally.gate)
      _ = try await call(Insert(), as: customer, in: tally)
      _ = try await call(Insert(), as: self.customer(world), request: "s", in: tally)
      _ = try await call(
        InsertAsPartner(),
        as: Partner(id: Partner.ID(customer.id.uuid)),
        request: "t",
        in: tally
      )
      _ = try await call(Count(), as: customer, request: "u", in: tally)
      _ = try await call(InsertElsewhere(), as: customer, request: "v", in: other)
      _ = try await call(Insert(), as: customer, key: "l", request: "w", in: tally)
      _ = try await call(Insert(), as: customer, key: nil, in: tally)
      _ = try await call(Insert(), as: customer, key: nil, in: tally)
      #expect(try await tally.count() == 8)
    }
  }

  @Test func `a call that failed leaves its key free`() async throws {
    try await withTally { world, tally async throws in
      let customer = customer(world)
      await #expect(throws: Failure.self) {
        try await call(Insert(fails: true), as: customer, in: tally)
      }
      #expect(try await call(Insert(), as: customer, request: "other", in: tally) == "secret")
      #expect(try await tally.count() == 1)
    }
  }

  @Test func `an operation that may run again takes no key`() async throws {
    try await withTally { world, tally async throws in
      let customer = customer(world)
      for _ in 0..<2 { _ = try await call(Again(), as: customer, in: tally) }
      #expect(try await tally.count() == 2)
      #expect(try await world.number("SELECT count(*) FROM platform.idempotency_keys") == 0)
    }
  }

  @Test func `a repetition is no second success in the audit log, and needs the permission again`()
    async throws
  {
    try await withTally { world, tally async throws in
      let audit = RecordingAuditLog()
      var tally = tally
      tally.gate = world.gate(
        permissions: try PermissionTable(of: [InsertAsAdmin.self]),
        audit: audit
      )
      let moderator = try await world.admin(.moderator)
      for _ in 0..<2 {
        #expect(try await call(InsertAsAdmin(), as: moderator, in: tally) == "secret")
      }
      #expect(audit.entries.map(\.outcome) == [.succeeded])
      // The same operator with another role.
      let demoted = try await AdminVerifier { _ in (moderator.id, .supportBot) }("")
      await #expect(throws: PermissionDenied.self) {
        try await call(InsertAsAdmin(), as: demoted, in: tally)
      }
      #expect(audit.entries.map(\.outcome) == [.succeeded, .denied])
      #expect(try await tally.count() == 1)
    }
  }

  @Test func `neither the request nor the answer is stored as it is`() async throws {
    try await withTally { world, tally async throws in
      _ = try await call(Insert(), as: customer(world), request: "password", in: tally)
      let found = """
        SELECT count(*) FROM platform.idempotency_keys
        WHERE position('secret'::bytea IN response) > 0
          OR position('password'::bytea IN request_digest) > 0
          OR request_digest = sha256('password'::bytea)
        """
      #expect(try await world.number(found) == 0)
      #expect(try await world.number("SELECT count(*) FROM platform.idempotency_keys") == 1)
    }
  }

  @Test func `under another master key the answer is lost, and says so`() async throws {
    try await withTally { world, tally async throws in
      let customer = customer(world)
      _ = try await call(Insert(), as: customer, in: tally)
      var other = tally
      other.gate = CallGate(
        permissions: tally.gate.permissions,
        audit: tally.gate.audit,
        limits: tally.gate.limits,
        answers: AnswerVault(
          requestKey: SymmetricKey(data: [UInt8](repeating: 1, count: 32)),
          seal: { answer, _ in answer },
          open: { _, _ in throw Failure() }
        ),
        clock: world.clock.clock
      )
      await #expect(throws: IdempotencyError.answerLost) {
        try await call(Insert(), as: customer, in: other)
      }
      #expect(try await tally.count() == 1)
    }
  }

  @Test func `equal requests under two keys have nothing in common`() async throws {
    try await withTally { world, tally async throws in
      let customer = customer(world)
      for key in ["k", "l"] { _ = try await call(Insert(), as: customer, key: key, in: tally) }
      let digests = "SELECT count(DISTINCT request_digest) FROM platform.idempotency_keys"
      #expect(try await world.number(digests) == 2)
    }
  }

  @Test(arguments: ["", String(repeating: "k", count: 256)])
  func `a key of the wrong length names its field`(text: String) async throws {
    try await withTally { world, tally async throws in
      let error = await #expect(throws: InvalidInput.self) {
        try await call(Insert(), as: customer(world), key: text, in: tally)
      }
      #expect(error?.violations.map(\.field) == ["idempotency-key"])
      #expect(try await tally.count() == 0)
    }
  }
}
