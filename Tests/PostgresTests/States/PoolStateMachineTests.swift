import Testing

@testable import Postgres

@Suite struct PoolStateMachineTests {
  private typealias Machine = PoolStateMachine<Link, Caller>
  private let start = MonotonicTime(nanoseconds: 1_000_000_000_000)

  private func machine(size: Int = 2, maxWaiters: Int = 10) -> Machine {
    Machine(
      limits: .init(
        size: size,
        maxWaiters: maxWaiters,
        acquireTimeout: .seconds(5),
        idleTimeout: .seconds(600),
        idleCheck: .seconds(30)
      ),
      backoff: Backoff(minimum: .milliseconds(100), maximum: .seconds(2))
    )
  }

  private func opens(_ acquired: Machine.Acquired) -> Int? {
    if case .wait(let count, _) = acquired { count } else { nil }
  }

  private func refusal(_ acquired: Machine.Acquired) -> PostgresClientError? {
    if case .refused(let error) = acquired { error } else { nil }
  }

  private func served(_ placed: Machine.Placed) -> Caller? {
    if case .serve(let caller, _) = placed { caller } else { nil }
  }

  private func isParked(_ placed: Machine.Placed) -> Bool {
    if case .parked = placed { true } else { false }
  }
  private func isClosed(_ placed: Machine.Placed) -> Bool {
    if case .close = placed { true } else { false }
  }

  @Test func `callers without a connection have one opened each, up to the size`() {
    var machine = machine(size: 2)
    #expect((0..<4).map { _ in opens(machine.acquire(Caller(), at: start)) } == [1, 1, 0, 0])
    #expect(machine.connecting == 2)
    #expect(machine.waitingCount == 4)
  }

  @Test func `callers are served in the order in which they came`() {
    var machine = machine(size: 1)
    let callers = (0..<3).map { _ in Caller() }
    for caller in callers { _ = machine.acquire(caller, at: start) }
    let link = Link()
    #expect(served(machine.opened(link, at: start)) === callers[0])
    #expect(served(machine.release(link, at: start)) === callers[1])
    #expect(served(machine.release(link, at: start)) === callers[2])
    #expect(isParked(machine.release(link, at: start)))
    #expect(machine.idleCount == 1)
    #expect(machine.leasedCount == 0)
  }

  @Test func `a caller that gave up is passed over`() {
    var machine = machine(size: 1)
    let callers = (0..<3).map { _ in Caller() }
    for caller in callers { _ = machine.acquire(caller, at: start) }
    callers[0].isFinished = true
    let removed = machine.remove(callers[1])
    #expect(removed)
    #expect(served(machine.opened(Link(), at: start)) === callers[2])
  }

  @Test func `the connection used last is lent first`() {
    var machine = machine()
    let links = [Link(), Link()]
    for _ in links { _ = machine.acquire(Caller(), at: start) }
    for link in links { _ = machine.opened(link, at: start) }
    for link in links { _ = machine.release(link, at: start) }
    guard case .connection(let link) = machine.acquire(Caller(), at: start) else {
      return _ = Issue.record("no connection")
    }
    #expect(link === links[1])
  }

  @Test func `too many waiting callers are refused`() {
    var machine = machine(size: 1, maxWaiters: 2)
    for _ in 0..<2 { _ = machine.acquire(Caller(), at: start) }
    #expect(refusal(machine.acquire(Caller(), at: start)) == .poolExhausted)
  }

  @Test func `a caller waits until the acquire timeout or its deadline, whichever is earlier`() {
    var machine = machine(size: 1)
    let patient = Caller()
    let hurried = Caller(deadline: start.advanced(by: .seconds(1)))
    for caller in [patient, hurried] { _ = machine.acquire(caller, at: start) }
    let first = machine.due(at: start.advanced(by: .seconds(1)))
    #expect(first.overdue.map(\.error) == [.deadlineExceeded])
    #expect(first.next == start.advanced(by: .seconds(5)))
    let second = machine.due(at: start.advanced(by: .seconds(5)))
    #expect(second.overdue.map(\.error) == [.poolExhausted])
    #expect(machine.waitingCount == 0)
  }

  @Test func `after a failure one attempt at a time is made, after a pause`() {
    var machine = machine(size: 4)
    for _ in 0..<3 { _ = machine.acquire(Caller(), at: start) }
    let refused = PostgresClientError.connectionFailed("connection refused", sqlState: nil)
    for _ in 0..<3 {
      #expect(machine.openFailed(refused, isPermanent: false, at: start, random: 1).isEmpty)
    }
    #expect(machine.due(at: start).open == 0)
    let later = start.advanced(by: .seconds(1))
    #expect(machine.due(at: later).open == 1)
    #expect(machine.due(at: later).open == 0)
    _ = machine.opened(Link(), at: later)
    #expect(machine.due(at: later).open == 2)
  }

  @Test func `callers that time out during an outage learn its reason`() {
    var machine = machine(size: 1)
    _ = machine.acquire(Caller(), at: start)
    let refused = PostgresClientError.connectionFailed("connection refused", sqlState: nil)
    _ = machine.openFailed(refused, isPermanent: false, at: start, random: 1)
    #expect(machine.due(at: start.advanced(by: .seconds(5))).overdue.map(\.error) == [refused])
  }

  @Test
  func
    `a failure that waiting can't cure fails all callers at once, and those that come during the pause`()
  {
    var machine = machine(size: 1)
    for _ in 0..<2 { _ = machine.acquire(Caller(), at: start) }
    let wrong = PostgresClientError.connectionFailed(
      "password authentication failed",
      sqlState: "28P01"
    )
    #expect(machine.openFailed(wrong, isPermanent: true, at: start, random: 1).count == 2)
    #expect(refusal(machine.acquire(Caller(), at: start)) == wrong)
    #expect(opens(machine.acquire(Caller(), at: start.advanced(by: .seconds(3)))) == 1)
  }

  @Test func `a connection that ended is replaced if someone waits`() {
    var machine = machine(size: 1)
    _ = machine.acquire(Caller(), at: start)
    let link = Link()
    _ = machine.opened(link, at: start)
    #expect(opens(machine.acquire(Caller(), at: start)) == 0)
    #expect(machine.ended(link, at: start) == 1)
    #expect(machine.open == 0)
  }

  @Test func `an old connection is closed when it comes back, or where it lies`() {
    var machine = machine()
    let links = [
      Link(expiresAt: start.advanced(by: .seconds(10))),
      Link(expiresAt: start.advanced(by: .seconds(20))),
    ]
    for _ in links { _ = machine.acquire(Caller(), at: start) }
    for link in links { _ = machine.opened(link, at: start) }
    #expect(isClosed(machine.release(links[0], at: start.advanced(by: .seconds(10)))))
    #expect(isParked(machine.release(links[1], at: start)))
    #expect(
      machine.due(at: start.advanced(by: .seconds(20))).close.map { $0 === links[1] } == [true]
    )
  }

  @Test func `an unused connection is checked, and closed when nobody needs it for long`() {
    var machine = machine()
    _ = machine.acquire(Caller(), at: start)
    let link = Link()
    _ = machine.opened(link, at: start)
    _ = machine.release(link, at: start)
    var now = start
    for _ in 0..<19 {
      now = now.advanced(by: .seconds(30))
      let due = machine.due(at: now)
      #expect(due.check.map(\.unusedSince) == [start])
      #expect(isParked(machine.checked(link, unusedSince: start, at: now)))
    }
    #expect(machine.due(at: start.advanced(by: .seconds(600))).close.count == 1)
  }

  @Test func `draining serves those that wait and takes no others`() {
    var machine = machine(size: 1)
    let callers = [Caller(), Caller()]
    for caller in callers { _ = machine.acquire(caller, at: start) }
    let link = Link()
    _ = machine.opened(link, at: start)
    #expect(machine.drain().isEmpty)
    #expect(refusal(machine.acquire(Caller(), at: start)) == .closed)
    #expect(!machine.isDrained)
    #expect(served(machine.release(link, at: start)) === callers[1])
    #expect(isClosed(machine.release(link, at: start)))
    _ = machine.ended(link, at: start)
    #expect(machine.isDrained)
  }

  @Test func `a connection that opens after the end is closed and not counted`() {
    var machine = machine()
    _ = machine.acquire(Caller(), at: start)
    #expect(machine.close().count == 1)
    #expect(isClosed(machine.opened(Link(), at: start)))
  }
}
