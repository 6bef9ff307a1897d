import Testing

@testable import AMQP

@Suite struct PublishWindowTests {
  private let start = ContinuousClock.now

  private func request(
    _ id: Int,
    exchange: String = "x",
    key: String = "k",
    message: String? = nil,
    within: Duration = .seconds(10)
  )
    -> PublishRequest<Int>
  {
    PublishRequest(
      id: UInt64(id),
      message: AMQPMessage(messageID: message),
      exchange: exchange,
      routingKey: key,
      mandatory: true,
      deadline: start + within,
      waiter: id
    )
  }

  private func window(_ count: Int, sending: Int? = nil, capacity: Int = 256) -> PublishWindow<Int>
  {
    var window = PublishWindow<Int>(capacity: capacity, maxPending: 1_000)
    for id in 1...count { #expect(window.submit(request(id)) == nil) }
    for _ in 0..<(sending ?? count) { _ = window.next() }
    return window
  }

  private func succeeded(_ completions: [PublishWindow<Int>.Completion]) -> [Int] {
    completions.compactMap { if case .success = $0.result { $0.waiter } else { nil } }
  }

  private func failed(_ completions: [PublishWindow<Int>.Completion], _ error: AMQPError) -> [Int] {
    completions.compactMap { completion in
      if case .failure(let failure) = completion.result, failure as? AMQPError == error {
        completion.waiter
      } else {
        nil
      }
    }
  }

  @Test func `no more than the window is in flight and the rest goes out in order`() {
    var window = window(5, sending: 0, capacity: 2)
    #expect(window.next()?.id == 1)
    #expect(window.next()?.id == 2)
    #expect(window.next() == nil)
    #expect(succeeded(window.confirm(sequence: 1, multiple: false, isAck: true)) == [1])
    #expect(window.next()?.id == 3)
    #expect(window.next() == nil)
  }

  @Test func `a confirm out of order makes room for one more`() {
    var window = window(5, sending: 3, capacity: 3)
    #expect(succeeded(window.confirm(sequence: 3, multiple: false, isAck: true)) == [3])
    #expect(window.next()?.id == 4)
    #expect(window.next() == nil)
    #expect(succeeded(window.confirm(sequence: 2, multiple: true, isAck: true)) == [1, 2])
    #expect(window.next()?.id == 5)
    #expect(succeeded(window.confirm(sequence: 5, multiple: true, isAck: true)) == [4, 5])
  }

  @Test func `a multiple nack rejects everything up to its number that is not confirmed yet`() {
    var window = window(4)
    #expect(succeeded(window.confirm(sequence: 2, multiple: false, isAck: true)) == [2])
    #expect(failed(window.confirm(sequence: 3, multiple: true, isAck: false), .rejected) == [1, 3])
    #expect(succeeded(window.confirm(sequence: 4, multiple: true, isAck: true)) == [4])
    #expect(window.isEmpty)
  }

  @Test func `a message that is never confirmed holds up nobody else`() {
    var window = window(100, sending: 2, capacity: 2)
    for sequence: UInt64 in 2..<100 {
      #expect(
        succeeded(window.confirm(sequence: sequence, multiple: false, isAck: true)) == [
          Int(sequence)
        ]
      )
      #expect(window.next()?.id == sequence + 1)
    }
    #expect(window.cancel(1)?.waiter == 1)
    #expect(!window.isStuck)
    #expect(succeeded(window.confirm(sequence: 100, multiple: false, isAck: true)) == [100])
    #expect(window.isEmpty)
  }

  @Test func `confirms overdue for a whole window, or for a very long time, are stuck`() {
    var window = window(3, sending: 2, capacity: 2)
    _ = window.cancel(1)
    #expect(!window.isStuck)
    _ = window.cancel(2)
    #expect(window.isStuck)
    #expect(window.connectionLost().isEmpty)
    #expect(!window.isStuck)
    #expect(window.next()?.id == 3)

    var long = self.window(200, sending: 2, capacity: 2)
    for sequence: UInt64 in 2... {
      guard !long.confirm(sequence: sequence, multiple: false, isAck: true).isEmpty,
        long.next() != nil
      else { break }
    }
    #expect(!long.isStuck, "the oldest is still waited for")
    _ = long.cancel(1)
    #expect(long.isStuck)
  }

  @Test func `confirms of unknown numbers do nothing`() {
    var window = window(2)
    #expect(window.confirm(sequence: 0, multiple: true, isAck: true).isEmpty)
    #expect(window.confirm(sequence: 3, multiple: true, isAck: true).isEmpty)
    #expect(succeeded(window.confirm(sequence: 1, multiple: false, isAck: true)) == [1])
    #expect(window.confirm(sequence: 1, multiple: false, isAck: true).isEmpty)
  }

  @Test func `a returned message fails although its confirm is an ack`() {
    var window = PublishWindow<Int>(capacity: 8, maxPending: 8)
    for (id, key) in [(1, "a"), (2, "b"), (3, "b")] {
      _ = window.submit(request(id, key: key, message: "m\(id)"))
    }
    while window.next() != nil {}
    let error = AMQPError.unroutable(code: 312, text: "NO_ROUTE")
    window.markReturned(exchange: "x", routingKey: "b", messageID: "m3", error: error)
    let completions = window.confirm(sequence: 3, multiple: true, isAck: true)
    #expect(succeeded(completions) == [1, 2])
    #expect(failed(completions, error) == [3])
  }

  @Test func `equal messages are returned in the order of publishing`() {
    var window = window(2)
    let error = AMQPError.unroutable(code: 312, text: "NO_ROUTE")
    window.markReturned(exchange: "x", routingKey: "k", messageID: nil, error: error)
    window.markReturned(exchange: "x", routingKey: "k", messageID: nil, error: error)
    #expect(failed(window.confirm(sequence: 2, multiple: true, isAck: true), error) == [1, 2])
  }

  @Test func `a request given up in flight keeps its number and gives no second result`() {
    var window = window(3, sending: 2)
    #expect(window.cancel(1)?.waiter == 1)
    #expect(window.cancel(1) == nil)
    #expect(window.cancel(3)?.waiter == 3)
    #expect(succeeded(window.confirm(sequence: 2, multiple: true, isAck: true)) == [2])
    #expect(window.isEmpty)
  }

  @Test func `a deadline is unavailable before sending and exceeded after it`() {
    var window = PublishWindow<Int>(capacity: 1, maxPending: 8)
    for id in 1...3 { _ = window.submit(request(id, within: .seconds(id == 3 ? 9 : 5))) }
    _ = window.next()
    #expect(window.expire(at: start + .seconds(4), failure: nil).isEmpty)
    let completions = window.expire(at: start + .seconds(5), failure: .authenticationRefused)
    #expect(failed(completions, .deadlineExceeded) == [1])
    #expect(failed(completions, .unavailable(.authenticationRefused)) == [2])
    #expect(window.nextDeadline == start + .seconds(9))
  }

  @Test
  func `a lost connection fails what is in flight, keeps what waits and counts from one again`() {
    var window = window(3, sending: 2, capacity: 2)
    #expect(failed(window.connectionLost(), .connectionLost) == [1, 2])
    #expect(window.next()?.id == 3)
    #expect(succeeded(window.confirm(sequence: 1, multiple: false, isAck: true)) == [3])
  }

  @Test func `a channel exception is told to those it is about`() {
    var window = PublishWindow<Int>(capacity: 8, maxPending: 8)
    _ = window.submit(request(1, exchange: "there"))
    _ = window.submit(request(2, exchange: "missing"))
    while window.next() != nil {}
    let text = "NOT_FOUND - no exchange 'missing' in vhost '/'"
    let completions = window.connectionLost(channelException: (404, text))
    #expect(failed(completions, .connectionLost) == [1])
    #expect(failed(completions, .channelClosed(code: 404, text: text)) == [2])
  }

  @Test func `nothing is sent while the broker blocks, and a new connection starts unblocked`() {
    var window = window(1, sending: 0)
    window.isBlocked = true
    #expect(window.next() == nil)
    _ = window.connectionLost()
    #expect(window.next()?.id == 1)
  }

  @Test func `more than maxPending are refused`() {
    var window = PublishWindow<Int>(capacity: 1, maxPending: 2)
    #expect(window.submit(request(1)) == nil)
    #expect(window.submit(request(2)) == nil)
    #expect(failed([window.submit(request(3))].compactMap { $0 }, .overloaded) == [3])
  }
}
