import Testing

@testable import Postgres

@Suite struct ConnectionStateMachineTests {
  typealias Commands = ConnectionStateMachine.Commands

  static func waiting(_ kind: Call.Kind, deadline: MonotonicTime = .distantFuture) -> Call {
    Call(kind, deadline: deadline) { _ in }
  }

  static func statement(_ sql: String = "SELECT 1", prepared: Bool = true) -> Call {
    waiting(.statement(PostgresQuery(sql, prepared: prepared)))
  }

  func machine(_ role: ConnectionStateMachine.Role = .exclusive, statements: Int = 10)
    -> ConnectionStateMachine
  {
    ConnectionStateMachine(role: role, preparedStatements: statements)
  }

  func sentCommands(_ send: ConnectionStateMachine.Send?) -> Commands? {
    if case .pipeline(let plan) = send { plan.commands } else { nil }
  }

  func finished(_ reaction: ConnectionStateMachine.Reaction) -> Call? {
    if case .finished(let call, _, _) = reaction { call } else { nil }
  }

  func error(_ reaction: ConnectionStateMachine.Reaction) -> PostgresError? {
    if case .finished(_, .failure(let error as PostgresError), _) = reaction { error } else { nil }
  }

  func isNothing(_ send: ConnectionStateMachine.Send?) -> Bool {
    if case .none = send { true } else { false }
  }

  func isBroken(_ reaction: ConnectionStateMachine.Reaction) -> Bool {
    if case .broken = reaction { true } else { false }
  }

  static let failure = PostgresError(sqlState: "23505", message: "duplicate key")

  @Test func `an exclusive connection has one call in flight`() {
    var machine = machine()
    _ = machine.beginLease(singleStatement: false)
    _ = machine.enqueue(Self.statement(), lease: 1)
    _ = machine.enqueue(Self.statement(), lease: 1)
    #expect(sentCommands(machine.nextToSend()) == [.prepare, .execute])
    #expect(isNothing(machine.nextToSend()))
    for event in [ConnectionStateMachine.Event.rows(nil), .end, .rows(nil), .end] {
      _ = machine.receive(event)
    }
    #expect(finished(machine.receive(.sync)) != nil)
    #expect(sentCommands(machine.nextToSend()) == .execute)
  }

  @Test func `a shared connection has as many in flight as its depth, answered in order`() {
    var machine = machine(.shared(depth: 2))
    let calls = (0..<3).map { _ in Self.statement(prepared: false) }
    for call in calls { _ = machine.enqueue(call, lease: nil) }
    #expect(sentCommands(machine.nextToSend()) == .execute)
    #expect(sentCommands(machine.nextToSend()) == .execute)
    #expect(isNothing(machine.nextToSend()))
    _ = machine.receive(.rows(nil))
    _ = machine.receive(.end)
    #expect(finished(machine.receive(.sync)) === calls[0])
    #expect(sentCommands(machine.nextToSend()) == .execute)
  }

  @Test func `BEGIN travels with the first statement`() {
    var machine = machine()
    machine.pendingBegin = .serializable
    _ = machine.enqueue(Self.statement(prepared: false), lease: nil)
    #expect(sentCommands(machine.nextToSend()) == [.begin, .execute])
    #expect(machine.pendingBegin == nil)
  }

  @Test func `a script waits for a BEGIN of its own, and nothing runs if that fails`() {
    var machine = machine()
    machine.pendingBegin = .readCommitted
    _ = machine.enqueue(Self.waiting(.script("SELECT 1; SELECT 2")), lease: nil)
    #expect(sentCommands(machine.nextToSend()) == .execute)
    #expect(isNothing(machine.nextToSend()))
    _ = machine.receive(.error(Self.failure))
    _ = machine.receive(.end)
    #expect(isBroken(machine.receive(.sync)))
  }

  @Test func `after an error the skipped commands are counted and the error is the answer`() {
    var machine = machine()
    machine.pendingBegin = .readCommitted
    let call = Self.statement()
    _ = machine.enqueue(call, lease: nil)
    _ = machine.nextToSend()
    for event in [
      ConnectionStateMachine.Event.rows(nil), .end, .error(Self.failure), .end, .skipped, .end,
    ] { _ = machine.receive(event) }
    let reaction = machine.receive(.sync)
    #expect(finished(reaction) === call)
    #expect(error(reaction) == Self.failure)
    // Its PREPARE failed, so it is not among the prepared ones.
    #expect(machine.cache.count == 0)
  }

  @Test func `an error at commit, after the statement's own result, is the answer`() {
    var machine = machine()
    _ = machine.enqueue(Self.statement(prepared: false), lease: nil)
    _ = machine.nextToSend()
    for event in [ConnectionStateMachine.Event.rows(nil), .end, .error(Self.failure), .end] {
      _ = machine.receive(event)
    }
    #expect(error(machine.receive(.sync)) == Self.failure)
  }

  @Test func `a Sync that comes too early breaks the connection`() {
    var machine = machine()
    _ = machine.enqueue(Self.statement(), lease: nil)
    _ = machine.nextToSend()
    #expect(isBroken(machine.receive(.sync)))
  }

  @Test func `an answer to nothing breaks the connection`() {
    var machine = machine()
    #expect(isBroken(machine.receive(.rows(nil))))
  }

  @Test func `nothing is sent between a cancel request and the end of the statement it is for`() {
    var machine = machine()
    _ = machine.beginLease(singleStatement: false)
    let given = Self.statement(prepared: false)
    _ = machine.enqueue(given, lease: 1)
    _ = machine.nextToSend()
    _ = given.claim()
    #expect(machine.abandon(given, now: .now, grace: .seconds(1)) == .sendCancel)
    _ = machine.enqueue(Self.statement(prepared: false), lease: 1)
    #expect(isNothing(machine.nextToSend()))
    _ = machine.receive(.error(Self.failure))
    _ = machine.receive(.end)
    _ = machine.receive(.sync)
    // The statement has ended, but the request may still be on its way and would hit the next one.
    #expect(isNothing(machine.nextToSend()))
    machine.cancelDelivered(at: .now)
    #expect(sentCommands(machine.nextToSend()) == .execute)
  }

  @Test func `a cancelled statement that does not end makes the connection unresponsive`() {
    var machine = machine()
    let call = Self.statement()
    _ = machine.enqueue(call, lease: nil)
    _ = machine.nextToSend()
    _ = call.claim()
    let now = MonotonicTime.now
    _ = machine.abandon(call, now: now, grace: .seconds(5))
    machine.cancelDelivered(at: .now)
    #expect(
      !machine.expired(at: now.advanced(by: .seconds(4)), patience: .seconds(40)).unresponsive
    )
    #expect(machine.expired(at: now.advanced(by: .seconds(5)), patience: .seconds(40)).unresponsive)
  }

  @Test func `a cancel request that had no effect is sent again`() {
    var machine = machine()
    let call = Self.statement()
    _ = machine.enqueue(call, lease: nil)
    _ = machine.nextToSend()
    _ = call.claim()
    let now = MonotonicTime.now
    _ = machine.abandon(call, now: now, grace: .seconds(5))
    #expect(!machine.expired(at: now.advanced(by: .seconds(1)), patience: .seconds(40)).cancelAgain)
    machine.cancelDelivered(at: now)
    #expect(
      machine.expired(at: now, patience: .seconds(40)).next
        == now.advanced(by: ConnectionStateMachine.cancelPause)
    )
    #expect(machine.expired(at: now.advanced(by: .seconds(1)), patience: .seconds(40)).cancelAgain)
    machine.cancelAgain()
    #expect(!machine.expired(at: now.advanced(by: .seconds(1)), patience: .seconds(40)).cancelAgain)
    #expect(machine.cancellation == .delivering)
  }

  @Test func `a call that is given up before it was sent is not sent`() {
    var machine = machine()
    let call = Self.statement()
    _ = machine.enqueue(call, lease: nil)
    _ = call.claim()
    #expect(machine.abandon(call, now: .now, grace: .seconds(1)) == .nothing)
    #expect(isNothing(machine.nextToSend()))
  }

  @Test func `a shared connection keeps the place of a call that was given up`() {
    var machine = machine(.shared(depth: 2))
    let calls = [Self.statement(prepared: false), Self.statement(prepared: false)]
    for call in calls {
      _ = machine.enqueue(call, lease: nil)
      _ = machine.nextToSend()
    }
    _ = calls[0].claim()
    #expect(machine.abandon(calls[0], now: .now, grace: .seconds(1)) == .nothing)
    for event in [ConnectionStateMachine.Event.rows(nil), .end] { _ = machine.receive(event) }
    #expect(finished(machine.receive(.sync)) === calls[0])
    for event in [ConnectionStateMachine.Event.rows(nil), .end] { _ = machine.receive(event) }
    #expect(finished(machine.receive(.sync)) === calls[1])
  }

  @Test func `a script's error names the statement`() {
    var machine = machine()
    _ = machine.enqueue(Self.waiting(.script("a; b; c")), lease: nil)
    _ = machine.nextToSend()
    _ = machine.receive(.rows(nil))
    _ = machine.receive(.error(Self.failure))
    #expect(error(machine.receive(.end))?.statement == 2)
  }

  @Test func `closing returns every call, with the server's error for the one it was about`() {
    var machine = machine()
    let calls = [Self.statement(), Self.statement()]
    for call in calls { _ = machine.enqueue(call, lease: nil) }
    _ = machine.nextToSend()
    _ = machine.receive(.error(Self.failure))
    let left = machine.close()
    #expect(left.map(\.error) == [Self.failure, nil])
    #expect(machine.enqueue(Self.statement(), lease: nil) != .yes)
  }

  @Test func `overdue calls are found, and the next deadline`() {
    var machine = machine()
    let now = MonotonicTime.now
    let soon = Self.waiting(.statement(PostgresQuery("a")), deadline: now.advanced(by: .seconds(1)))
    let later = Self.waiting(
      .statement(PostgresQuery("b")),
      deadline: now.advanced(by: .seconds(3))
    )
    _ = machine.enqueue(soon, lease: nil)
    _ = machine.enqueue(later, lease: nil)
    _ = machine.nextToSend()
    let expired = machine.expired(at: now.advanced(by: .seconds(2)), patience: .seconds(40))
    #expect(expired.calls.map { $0 === soon } == [true])
    #expect(expired.next == later.deadline)
  }
}
