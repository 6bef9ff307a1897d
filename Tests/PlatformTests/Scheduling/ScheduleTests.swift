import Platform
import Testing

@Suite struct ScheduleTests {
  private let minute = Schedule.every(.seconds(60))

  @Test(arguments: [(0, 0), (59, 0), (60, 60), (61, 60), (-1, -60), (-60, -60), (-61, -120)])
  func `a slot begins at its border, before 1970 too`(now: Int64, slot: Int64) {
    #expect(minute.slot(at: Instant(seconds: now)) == Instant(seconds: slot))
  }

  @Test func `a microsecond before the border is the slot before`() {
    #expect(minute.slot(at: Instant(seconds: 60) - .microseconds(1)) == Instant(seconds: 0))
  }

  @Test func `a daily slot begins at its time of day`() {
    let daily = Schedule.daily(hour: 3, minute: 30)
    let day: Int64 = 86_400
    let time: Int64 = (3 * 60 + 30) * 60
    #expect(daily.slot(at: Instant(seconds: 5 * day + time)) == Instant(seconds: 5 * day + time))
    #expect(
      daily.slot(at: Instant(seconds: 5 * day + time - 1)) == Instant(seconds: 4 * day + time)
    )
    #expect(daily.slot(at: Instant(seconds: 6 * day)) == Instant(seconds: 5 * day + time))
    #expect(daily.slot(at: Instant(seconds: 0)) == Instant(seconds: time - day))
  }
}

@Suite struct RetryPolicyTests {
  @Test func `each failed try has its delay, and after the last the message is given up`() {
    let policy = RetryPolicy(delays: [1, 5])
    #expect(policy.decision(after: 1) == .retry(afterSeconds: 1))
    #expect(policy.decision(after: 2) == .retry(afterSeconds: 5))
    #expect(policy.decision(after: 3) == .giveUp)
    #expect(policy.decision(after: .max) == .giveUp)
  }

  @Test func `a try that can't be is given up`() {
    #expect(RetryPolicy.standard.decision(after: 0) == .giveUp)
    #expect(RetryPolicy.standard.decision(after: -1) == .giveUp)
  }

  @Test func `without delays the first failure is the last`() {
    #expect(RetryPolicy(delays: []).decision(after: 1) == .giveUp)
  }
}
