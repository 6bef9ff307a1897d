import DequeModule
import Synchronization

/// The messages of a queue, as an asynchronous sequence that several tasks may share.
///
/// At most `prefetch` messages are in hand unsettled, so a slow reader slows the broker. After a
/// lost connection the client subscribes again. The sequence ends when the consumer is cancelled,
/// the client is closed, or the reading task is cancelled; it throws
/// ``AMQPError/channelClosed(code:text:)`` when the broker refuses the subscription. Who stops
/// reading early must call ``cancel()``, else up to `prefetch` messages stay with this client.
package final class AMQPConsumer: AsyncSequence, Sendable {
  package typealias Element = AMQPDelivery
  package typealias Failure = AMQPError

  package let queue: String
  let prefetch: UInt16
  let tag: String
  let id: UInt64
  private let connection: ConnectionHandle
  private let inbox = Mutex(Inbox())

  init(queue: String, prefetch: UInt16, tag: String, connection: ConnectionHandle) {
    self.queue = queue
    self.prefetch = prefetch
    self.tag = tag
    self.connection = connection
    id = connection.nextID()
  }

  /// Asks the broker for no more messages and returns once it has agreed (or the connection is
  /// lost).
  ///
  /// Readers get the end of the sequence at once; messages that none of them has taken go back to
  /// the queue; messages in hand can still be settled.
  package func cancel() async {
    await withCheckedContinuation { done in connection.send(.cancelConsumer(self, done)) }
  }

  /// Like ``cancel()``, without waiting for the broker: for handlers that can't await.
  package func stop() {
    connection.send(.cancelConsumer(self, nil))
  }

  /// The next message; nil at the end of the sequence.
  package func next() async throws(AMQPError) -> AMQPDelivery? {
    let id = connection.nextID()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let ready = inbox.withLock { $0.take(for: Reader(id: id, continuation: continuation)) }
        if let ready { continuation.resume(returning: ready) }
        // Cancelled before the reader was in line: the handler below has found nobody.
        if ready == nil, Task.isCancelled { dismiss(id) }
      }
    } onCancel: {
      dismiss(id)
    }
    return try result.get()
  }

  private func dismiss(_ reader: UInt64) {
    inbox.withLock { $0.dismiss(reader) }?.resume(returning: .success(nil))
  }

  package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(consumer: self) }

  package struct AsyncIterator: AsyncIteratorProtocol {
    let consumer: AMQPConsumer

    package mutating func next() async throws(AMQPError) -> AMQPDelivery? {
      try await consumer.next()
    }

    package mutating func next(isolation actor: isolated (any Actor)?) async throws(AMQPError)
      -> AMQPDelivery?
    {
      try await consumer.next()
    }
  }
}

// Called by the connection's thread.
extension AMQPConsumer {
  /// Hands a message to a reader, or keeps it for the next one. False: the sequence has ended and
  /// the message must go back.
  func offer(_ delivery: AMQPDelivery) -> Bool {
    let (reader, accepted) = inbox.withLock { $0.offer(delivery) }
    reader?.resume(returning: .success(delivery))
    return accepted
  }

  /// Drops the messages nobody has taken: their channel is gone, the broker will deliver them
  /// again.
  func dropKept() {
    inbox.withLock { $0.kept.removeAll() }
  }

  /// Ends the sequence and returns the messages that nobody has taken.
  func end(throwing error: AMQPError? = nil) -> [AMQPDelivery] {
    let (kept, readers) = inbox.withLock { $0.end(error) }
    if let last = readers.last {
      // One reader gets the error; each of the others, and whoever comes later, the end.
      last.resume(returning: error.map { .failure($0) } ?? .success(nil))
      for reader in readers.dropLast() { reader.resume(returning: .success(nil)) }
    }
    return kept
  }
}

extension AMQPConsumer {
  typealias Continuation = CheckedContinuation<Result<AMQPDelivery?, AMQPError>, Never>

  struct Reader {
    let id: UInt64
    let continuation: Continuation
  }

  /// Messages without a reader, or readers without a message; never both.
  private struct Inbox {
    var kept: Deque<AMQPDelivery> = []
    var readers: Deque<Reader> = []
    var hasEnded = false
    var error: AMQPError?

    mutating func take(for reader: Reader) -> Result<AMQPDelivery?, AMQPError>? {
      if let delivery = kept.popFirst() { return .success(delivery) }
      if hasEnded {
        defer { error = nil }
        return error.map { .failure($0) } ?? .success(nil)
      }
      readers.append(reader)
      return nil
    }

    mutating func offer(_ delivery: AMQPDelivery) -> (Continuation?, accepted: Bool) {
      if hasEnded { return (nil, false) }
      if let reader = readers.popFirst() { return (reader.continuation, true) }
      kept.append(delivery)
      return (nil, true)
    }

    mutating func dismiss(_ id: UInt64) -> Continuation? {
      guard let index = readers.firstIndex(where: { $0.id == id }) else { return nil }
      return readers.remove(at: index).continuation
    }

    mutating func end(_ error: AMQPError?) -> ([AMQPDelivery], [Continuation]) {
      if hasEnded { return ([], []) }
      hasEnded = true
      if readers.isEmpty { self.error = error }
      defer { (kept, readers) = ([], []) }
      return (Array(kept), readers.map(\.continuation))
    }
  }
}
