import AMQP

/// The outcome of one batch of messages: each is confirmed, refused by itself, or unanswered
/// because the broker was down.
struct BatchOutcome {
  /// The broker's word on one message; without an error it has taken it.
  struct Answer: Sendable {
    let id: Identifier<MessageID>
    let error: (any Error)?
  }

  private(set) var confirmed: [Identifier<MessageID>] = []
  private(set) var refused: [(id: Identifier<MessageID>, error: any Error)] = []
  /// Why messages that are neither confirmed nor refused have no answer.
  private(set) var outage: (any Error)?

  init(_ answers: [Answer]) {
    confirmed = answers.filter { $0.error == nil }.map(\.id)
    for answer in answers {
      guard let error = answer.error else { continue }
      if Self.isRefusal(error, othersConfirmed: !confirmed.isEmpty) {
        refused.append((answer.id, error))
      } else {
        outage = error
      }
    }
  }

  /// Whether the message alone is the cause. A confirm that didn't come while others did is a fault
  /// of one queue, such as a lost majority.
  private static func isRefusal(_ error: any Error, othersConfirmed: Bool) -> Bool {
    switch error as? AMQPError {
    case .unroutable, .rejected, .invalid: true
    case .deadlineExceeded: othersConfirmed
    case .connectionLost, .unavailable, .overloaded, .channelClosed, .closed, nil: false
    }
  }
}
