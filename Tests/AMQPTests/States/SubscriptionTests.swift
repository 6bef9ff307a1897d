import Testing

@testable import AMQP

@Suite struct SubscriptionTests {
  private var active: Subscription {
    var subscription = Subscription()
    #expect(subscription.connected() == .openChannel)
    #expect(subscription.channelOpened() == .consume)
    #expect(subscription.subscribed() == .none)
    return subscription
  }

  @Test func `a cancelled subscription closes its channel once nothing is in hand`() {
    var subscription = active
    #expect(subscription.cancel(outstanding: 2) == .cancelConsume)
    #expect(!subscription.isQuiet)
    #expect(subscription.cancelled(outstanding: 2) == .none)
    #expect(subscription.isQuiet)
    #expect(subscription.settled(outstanding: 1) == .none)
    #expect(subscription.settled(outstanding: 0) == .closeChannel)
    #expect(subscription.channelClosed(code: 0, text: "") == .end)
  }

  @Test func `a lost connection is subscribed again`() {
    var subscription = active
    #expect(subscription.connectionLost() == .none)
    #expect(subscription.connected() == .openChannel)
    #expect(subscription.channelOpened() == .consume)
  }

  @Test func `a lost connection ends a cancelled subscription`() {
    var subscription = active
    _ = subscription.cancel(outstanding: 1)
    #expect(subscription.connectionLost() == .end)
  }

  @Test func `a cancellation before the subscription is made takes it back`() {
    var waiting = Subscription()
    #expect(waiting.cancel(outstanding: 0) == .end)
    var opening = Subscription()
    _ = opening.connected()
    #expect(opening.cancel(outstanding: 0) == .none)
    #expect(opening.channelOpened() == .closeChannel)
    #expect(opening.channelClosed(code: 0, text: "") == .end)
    var subscribing = Subscription()
    _ = subscribing.connected()
    _ = subscribing.channelOpened()
    #expect(subscribing.cancel(outstanding: 0) == .none)
    #expect(subscribing.subscribed() == .cancelConsume)
    #expect(subscribing.cancelled(outstanding: 0) == .closeChannel)
  }

  @Test func `a refused subscription fails, and a channel closed later is opened again`() {
    var refused = Subscription()
    _ = refused.connected()
    _ = refused.channelOpened()
    #expect(
      refused.channelClosed(code: 404, text: "no queue 'q'")
        == .fail(.channelClosed(code: 404, text: "no queue 'q'"))
    )
    var early = Subscription()
    _ = early.connected()
    _ = early.channelOpened()
    #expect(
      early.channelClosed(code: 404, text: "queue 'q' process is stopped by supervisor") == .rest
    )
    var closed = active
    #expect(closed.channelClosed(code: 406, text: "delivery acknowledgement timed out") == .rest)
    #expect(closed.rested() == .openChannel)
    #expect(closed.channelOpened() == .consume)
  }

  @Test func `the broker's cancellation is answered by another try on the same channel`() {
    var subscription = active
    #expect(subscription.cancelledByBroker(outstanding: 1) == .rest)
    #expect(subscription.rested() == .consume)
    #expect(subscription.subscribed() == .none)
    #expect(subscription.cancelledByBroker(outstanding: 0) == .rest)
    #expect(subscription.cancel(outstanding: 0) == .closeChannel)
  }

  @Test func `a rest that a lost connection has overtaken does nothing`() {
    var subscription = active
    _ = subscription.channelClosed(code: 406, text: "")
    #expect(subscription.connectionLost() == .none)
    #expect(subscription.rested() == .none)
    #expect(subscription.connected() == .openChannel)
  }
}
