import Testing

@testable import AMQP

@Suite struct RequestQueueTests {
  private let start = ContinuousClock.now

  private func queue(_ count: Int, connected: Bool = true) -> RequestQueue<Int> {
    var queue = RequestQueue<Int>(maxPending: 100)
    for id in 1...count {
      let pending = PendingRequest(
        id: UInt64(id),
        request: .inspectQueue("\(id)"),
        deadline: start + .seconds(id),
        waiter: id
      )
      #expect(queue.submit(pending) == nil)
    }
    if connected { queue.connected() }
    return queue
  }

  @Test func `one request at a time`() {
    var queue = queue(2)
    #expect(queue.next() == .inspectQueue("1"))
    #expect(queue.next() == nil)
    #expect(queue.replied() == 1)
    #expect(queue.next() == .inspectQueue("2"))
  }

  @Test func `a channel exception fails its request, and the next waits for the reopening`() {
    var queue = queue(2)
    _ = queue.next()
    let failure = queue.channelClosed(code: 404, text: "no queue")
    #expect(failure?.waiter == 1)
    #expect(failure?.error as? AMQPError == .channelClosed(code: 404, text: "no queue"))
    #expect(queue.next() == nil)
    queue.channelOpened()
    #expect(queue.next() == .inspectQueue("2"))
  }

  @Test func `an abandoned request keeps the channel until its reply`() {
    var queue = queue(2)
    _ = queue.next()
    #expect(queue.cancel(1)?.waiter == 1)
    #expect(queue.next() == nil)
    #expect(queue.replied() == nil)
    #expect(queue.next() == .inspectQueue("2"))
    #expect(queue.replied() == 2)
  }

  @Test func `a lost connection fails the current request only`() {
    var queue = queue(2)
    _ = queue.next()
    #expect(queue.connectionLost()?.error as? AMQPError == .connectionLost)
    #expect(queue.next() == nil)
    queue.connected()
    #expect(queue.next() == .inspectQueue("2"))
  }

  @Test func `deadlines end waiting`() {
    var queue = queue(3)
    _ = queue.next()
    #expect(queue.nextDeadline == start + .seconds(1))
    let failures = queue.expire(at: start + .seconds(2), failure: nil)
    #expect(failures.map(\.waiter) == [1, 2])
    #expect(failures.map { $0.error as? AMQPError } == [.deadlineExceeded, .unavailable(nil)])
    #expect(queue.nextDeadline == start + .seconds(3))
  }
}
