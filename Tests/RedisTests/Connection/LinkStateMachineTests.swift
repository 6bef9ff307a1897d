import NIOCore
import Testing

@testable import Redis

@Suite struct LinkStateMachineTests {
  private let now = NIODeadline.uptimeNanoseconds(1_000_000_000)

  @Test func `it connects when it is first needed, and once`() {
    var machine = LinkStateMachine()
    #expect(machine.demand() == .connect)
    #expect(machine.demand() == .none)
    #expect(machine.established(at: now) == .none)
    #expect(machine.demand() == .none)
  }

  @Test func `after a loss it waits and then connects if someone needs it`() {
    var machine = LinkStateMachine()
    _ = machine.demand()
    _ = machine.established(at: now)
    #expect(machine.lost(at: now, random: 0) == .wait(.milliseconds(50)))
    #expect(machine.demand() == .none)
    #expect(machine.backoffElapsed(isNeeded: true) == .connect)
    #expect(machine.lost(at: now, random: 0) == .wait(.milliseconds(100)))
    #expect(machine.backoffElapsed(isNeeded: false) == .none)
    #expect(machine.demand() == .connect)
  }

  @Test func `the back-off starts anew only after a connection that has lasted`() {
    var machine = LinkStateMachine()
    _ = machine.demand()
    for _ in 0..<3 {
      _ = machine.lost(at: now, random: 0)
      _ = machine.backoffElapsed(isNeeded: true)
    }
    _ = machine.established(at: now)
    #expect(machine.lost(at: now + .milliseconds(999), random: 0) == .wait(.milliseconds(400)))
    _ = machine.backoffElapsed(isNeeded: true)
    _ = machine.established(at: now)
    #expect(machine.lost(at: now + .seconds(1), random: 0) == .wait(.milliseconds(50)))
  }

  @Test func `a closed link stays closed, and a channel that comes too late is closed`() {
    var machine = LinkStateMachine()
    _ = machine.demand()
    let isFirst = machine.close()
    #expect(isFirst)
    #expect(machine.established(at: now) == .close)
    #expect(machine.lost(at: now, random: 0) == .none)
    #expect(machine.backoffElapsed(isNeeded: true) == .none)
    #expect(machine.demand() == .none)
    let isSecond = machine.close()
    #expect(!isSecond && machine.state == .closed)
  }

  @Test func `the wait doubles up to a limit, and chance takes up to half of it away`() {
    let backoff = Backoff()
    let waits = (0..<7).map {
      backoff.delay(afterFailures: $0, random: 0.999_999).nanoseconds / 1_000_000
    }
    #expect(waits == [99, 199, 399, 799, 1_599, 3_199, 4_999])
    #expect(backoff.delay(afterFailures: 0, random: 0) == .milliseconds(50))
    #expect(backoff.delay(afterFailures: .max, random: 0) == .milliseconds(2_500))
  }
}
