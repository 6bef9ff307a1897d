import Testing

@testable import Postgres

@Suite struct PipelineStateMachineTests {
  private typealias Machine = PipelineStateMachine<Link, Caller>
  private let start = MonotonicTime(nanoseconds: 1_000_000_000_000)

  private func machine() -> Machine {
    Machine(
      limits: .init(connections: 2, maxLoad: 8, maxWaiters: 3, acquireTimeout: .seconds(5)),
      backoff: Backoff(minimum: .milliseconds(100), maximum: .seconds(2))
    )
  }

  @Test func `the first callers wait for one connection, which serves them all`() {
    var machine = machine()
    var opens = 0
    for _ in 0..<3 {
      if case .wait(true, _) = machine.choose(Caller(), at: start, load: { _ in 0 }) { opens += 1 }
    }
    #expect(opens == 1)
    guard case .refused(.poolExhausted) = machine.choose(Caller(), at: start, load: { _ in 0 })
    else {
      return _ = Issue.record("not refused")
    }
    #expect(machine.opened(Link())?.count == 3)
  }

  @Test func `the least busy connection is chosen, and another opened when it is busy`() {
    var machine = machine()
    let links = [Link(), Link()]
    _ = machine.opened(links[0])
    guard
      case .connection(_, open: false, alone: false) = machine.choose(
        Caller(),
        at: start,
        load: { _ in 3 }
      )
    else {
      return _ = Issue.record("opened")
    }
    guard
      case .connection(_, open: true, alone: false) = machine.choose(
        Caller(),
        at: start,
        load: { _ in 4 }
      )
    else {
      return _ = Issue.record("not opened")
    }
    _ = machine.opened(links[1])
    let chosen = machine.choose(Caller(), at: start, load: { $0 === links[0] ? 6 : 5 })
    guard case .connection(let link, open: false, alone: false) = chosen else {
      return _ = Issue.record("opened")
    }
    #expect(link === links[1])
    guard case .refused(.poolExhausted) = machine.choose(Caller(), at: start, load: { _ in 8 })
    else {
      return _ = Issue.record("not refused")
    }
  }

  @Test func `a statement is alone only if no shared connection has another`() {
    var machine = machine()
    let links = [Link(), Link()]
    for link in links { _ = machine.opened(link) }
    guard
      case .connection(_, open: false, alone: true) = machine.choose(
        Caller(),
        at: start,
        load: { _ in 0 }
      )
    else {
      return _ = Issue.record("not alone")
    }
    guard
      case .connection(_, open: false, alone: false) = machine.choose(
        Caller(),
        at: start,
        load: { $0 === links[1] ? 1 : 0 }
      )
    else {
      return _ = Issue.record("alone")
    }
  }

  @Test func `a connection that is too old gets no more statements`() {
    var machine = machine()
    let link = Link(expiresAt: start)
    _ = machine.opened(link)
    #expect(machine.due(at: start).retire.map { $0 === link } == [true])
    #expect(machine.connections.isEmpty)
  }
}
