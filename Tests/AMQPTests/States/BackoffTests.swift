import Testing

@testable import AMQP

@Suite struct BackoffTests {
  @Test func `delays double up to the longest and start over after a success`() {
    var backoff = Backoff()
    // 1 is just out of the range of `random`, which makes the delay whole.
    let delays = (0..<8).map { _ in backoff.next(random: 1) }
    #expect(delays.prefix(3) == [.milliseconds(100), .milliseconds(200), .milliseconds(400)])
    #expect(delays.last == Backoff.longest)
    backoff.reset()
    #expect(backoff.next(random: 1) == Backoff.first)
  }

  @Test func `half of a delay is random`() {
    var backoff = Backoff()
    #expect(backoff.next(random: 0) == .milliseconds(50))
  }
}
