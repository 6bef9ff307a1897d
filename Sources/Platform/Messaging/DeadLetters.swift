package import AMQP

/// A message that was given up.
package struct DeadLetter: Sendable {
  package let id: String
  package let name: String
  package let queue: String
  package let failure: String
  package let attempts: Int
  package let body: [UInt8]

  /// Longer error texts would make headers that brokers refuse (a frame is 128 KiB).
  static let longestFailure = 2_000

  init(_ message: AMQPMessage) {
    id = message.messageID ?? ""
    name = message.type ?? ""
    queue = message.headers[MessageHeader.failedQueue]?.string ?? ""
    failure = message.headers[MessageHeader.failure]?.string ?? ""
    attempts = message.headers[MessageHeader.attempt]?.int.map(Int.init) ?? 1
    body = message.body
  }
}

/// Lists and replays what was given up.
///
/// Reading takes messages without acknowledging them and gives them back at the end, so a listing that is interrupted loses nothing.
package struct DeadLetters: Sendable {
  let broker: AMQPClient

  package init(broker: AMQPClient) {
    self.broker = broker
  }

  /// The oldest `limit` dead letters.
  package func list(limit: Int) async throws -> [DeadLetter] {
    var letters: [DeadLetter] = []
    try await visit(limit: limit) { delivery in
      letters.append(DeadLetter(delivery.message))
      return false
    }
    return letters
  }

  /// Sends the dead letters of `ids` back to their queues as first tries; the ids that were found.
  package func replay(_ ids: Set<String>) async throws -> Set<String> {
    var replayed: Set<String> = []
    try await visit(limit: .max) { delivery in
      let letter = DeadLetter(delivery.message)
      guard ids.contains(letter.id), !letter.queue.isEmpty else { return false }
      var message = delivery.message
      message.headers[MessageHeader.attempt] = .int(1)
      message.headers[MessageHeader.failedQueue] = nil
      message.headers[MessageHeader.failure] = nil
      try await broker.publish(message, exchange: "", routingKey: letter.queue)
      replayed.insert(letter.id)
      return true
    }
    return replayed
  }

  /// Shows up to `limit` letters to `take`; those it takes are acknowledged, the others given back.
  private func visit(limit: Int, _ take: (AMQPDelivery) async throws -> Bool) async throws {
    var kept: [AMQPDelivery] = []
    do {
      while kept.count < limit, let delivery = try await broker.get(ExchangeName.deadLetters) {
        if try await take(delivery) { delivery.ack() } else { kept.append(delivery) }
      }
    } catch {
      for delivery in kept { delivery.nack(requeue: true) }
      throw error
    }
    for delivery in kept { delivery.nack(requeue: true) }
    // They are back a moment later; who looks next must find them.
    for _ in 0..<Self.mostLooks where try await broker.queueDepth(ExchangeName.deadLetters).messages < kept.count {
      try await Task.sleep(for: Self.pauseBetweenLooks)
    }
  }

  /// A broker that takes longer than two seconds to put messages back is watched no further.
  private static let mostLooks = 100
  private static let pauseBetweenLooks = Duration.milliseconds(20)
}
