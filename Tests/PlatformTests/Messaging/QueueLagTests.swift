import Testing

@testable import Platform

@Suite struct QueueLagTests {
  private static let noon = Instant(seconds: 1_768_478_400)

  private func noon(_ seconds: Int64) -> Instant { Self.noon + .seconds(seconds) }

  @Test func `an empty queue has no lag`() {
    var lag = QueueLag(start: Self.noon)
    lag.delivered(publishedAt: noon(-500))
    lag.sampled(messages: 0, at: noon(10))
    #expect(lag.lag(at: noon(20)) == .zero)
  }

  @Test func `what waits has waited since the queue was last seen empty at most`() {
    var lag = QueueLag(start: Self.noon)
    lag.sampled(messages: 0, at: noon(10))
    lag.sampled(messages: 3, at: noon(15))
    #expect(lag.messages == 3)
    #expect(lag.lag(at: noon(15)) == .seconds(5))
    #expect(lag.lag(at: noon(40)) == .seconds(30))
  }

  @Test func `what waits is younger than the message that came last`() {
    var lag = QueueLag(start: Self.noon)
    lag.sampled(messages: 3, at: noon(100))
    #expect(lag.lag(at: noon(100)) == .seconds(100))
    lag.delivered(publishedAt: noon(90))
    #expect(lag.lag(at: noon(100)) == .seconds(10))
  }

  @Test func `of both bounds the smaller counts`() {
    var lag = QueueLag(start: Self.noon)
    lag.delivered(publishedAt: noon(-50))
    lag.sampled(messages: 0, at: noon(10))
    lag.sampled(messages: 1, at: noon(12))
    #expect(lag.lag(at: noon(12)) == .seconds(2))
  }

  @Test func `a producer whose clock is ahead makes no negative lag`() {
    var lag = QueueLag(start: Self.noon)
    lag.delivered(publishedAt: noon(60))
    lag.sampled(messages: 1, at: noon(10))
    #expect(lag.lag(at: noon(10)) == .zero)
  }
}
