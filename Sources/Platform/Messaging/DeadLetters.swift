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
    if let failedQueue = message.headers[MessageHeader.failedQueue]?.string {
      queue = failedQueue
      failure = message.headers[MessageHeader.failure]?.string ?? ""
    } else {
      // Not sent by a consumer: the broker gave up after too many deliveries.
      let death = message.lastDeath
      queue = death?["queue"]?.string ?? ""
      failure = "the broker gave up on it: \(death?["reason"]?.string ?? "unknown")"
    }
    attempts = message.headers[MessageHeader.attempt]?.int.map(Int.init) ?? 1
    body = message.body
  }
}

/// Lists and replays what was given up.
///
/// Reading takes messages without acknowledging them and gives them back at the end, so a listing
/// that is interrupted loses nothing.
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
  ///
  /// A letter goes back once, also when it is given up again meanwhile. Each queue that gave up the
  /// same message has a letter of its own.
  package func replay(_ ids: Set<String>) async throws -> Set<String> {
    var replayed: Set<Place> = []
    try await visit(limit: Self.maxHeld) { delivery in
      let letter = DeadLetter(delivery.message)
      let place = Place(id: letter.id, queue: letter.queue)
      guard ids.contains(letter.id), !letter.queue.isEmpty, !replayed.contains(place) else {
        return false
      }
      var message = delivery.message
      message.headers[MessageHeader.attempt] = .int(1)
      for header in [
        MessageHeader.failedQueue, MessageHeader.failure, MessageHeader.deliveries,
        MessageHeader.deaths,
      ] {
        message.headers[header] = nil
      }
      try await broker.publish(message, exchange: "", routingKey: letter.queue)
      replayed.insert(place)
      return true
    }
    return Set(replayed.map(\.id))
  }

  private struct Place: Hashable {
    let id: String
    let queue: String
  }

  /// How many letters are held in memory at once. More of them usually have one cause: replay some,
  /// then look again.
  static let maxHeld = 10_000

  /// Shows up to `limit` of the letters that are there now to `take`; those it takes are
  /// acknowledged, the others given back.
  private func visit(limit: Int, _ take: (AMQPDelivery) async throws -> Bool) async throws {
    var kept: [AMQPDelivery] = []
    // What comes while this looks isn't looked at: a letter that was replayed may be among it.
    var left = min(limit, try await broker.queueDepth(ExchangeName.deadLetters).messages)
    do {
      while left > 0, let delivery = try await broker.get(ExchangeName.deadLetters) {
        left -= 1
        if try await take(delivery) { delivery.ack() } else { kept.append(delivery) }
      }
    } catch {
      for delivery in kept { delivery.nack(requeue: true) }
      throw error
    }
    for delivery in kept { delivery.nack(requeue: true) }
    // They are back a moment later, and the next caller must find them.
    for _ in 0..<Self.maxLooks {
      if try await broker.queueDepth(ExchangeName.deadLetters).messages >= kept.count { return }
      try await Task.sleep(for: Self.pauseBetweenLooks)
    }
  }

  /// A broker that takes longer than two seconds to put messages back is watched no further.
  private static let maxLooks = 100
  private static let pauseBetweenLooks = Duration.milliseconds(20)
}

extension AMQPMessage {
  /// What the broker says of the last time that it moved this message out of a queue; nil: it never
  /// did.
  fileprivate var lastDeath: [String: AMQPHeaderValue]? {
    guard case .array(let deaths) = headers[MessageHeader.deaths],
      case .table(let newest) = deaths.first
    else { return nil }
    return newest
  }

  /// How often the broker has handed this message out before.
  var earlierDeliveries: Int {
    headers[MessageHeader.deliveries]?.int.map { Int(clamping: $0) } ?? 0
  }
}
