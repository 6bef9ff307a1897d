import Testing

@testable import Postgres

@Suite struct BackoffTests {
  @Test func `the pause doubles up to its limit and loses at most half`() {
    var backoff = Backoff(minimum: .milliseconds(100), maximum: .seconds(1))
    let now = MonotonicTime(nanoseconds: 1_000_000_000)
    for milliseconds in [100, 200, 400, 800, 1000, 1000] {
      backoff.failed(at: now, random: 1)
      #expect(backoff.retryAt == now.advanced(by: .milliseconds(milliseconds)))
    }
    backoff.failed(at: now, random: 0)
    #expect(backoff.retryAt == now.advanced(by: .milliseconds(500)))
    backoff.succeeded()
    #expect(backoff.allows(at: now))
  }
}
