import Testing

@testable import Postgres

@Suite struct MonotonicTimeTests {
  @Test func `a time that another thread took later is no time ago`() {
    let earlier = MonotonicTime(nanoseconds: 5)
    let later = MonotonicTime(nanoseconds: 12)
    #expect(later.nanoseconds(since: earlier) == 7)
    #expect(earlier.nanoseconds(since: later) == 0)
    #expect(MonotonicTime.distantFuture.nanoseconds(since: earlier) == .max)
  }
}
