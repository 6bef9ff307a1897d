/// The life of one subscription over channel openings, cancellations and lost connections.
struct Subscription {
  /// What is to be sent or done.
  enum Action: Equatable {
    case none
    case openChannel
    case consume
    case cancelConsume
    case closeChannel
    /// Ask for ``rested()`` after a while.
    case rest
    /// The broker refuses: the reader gets the error.
    case fail(AMQPError)
    /// Nothing more comes, nothing is in hand.
    case end
  }

  private enum Phase: Equatable {
    /// Without connection.
    case waiting
    case opening
    case subscribing
    case active
    /// Waiting before another try.
    case resting(channelIsOpen: Bool)
    case cancelling
    /// Cancelled, with deliveries in hand.
    case draining
    case closing
    case ended
  }

  private var phase = Phase.waiting
  private var isCancelled = false

  /// Whether nobody waits for the broker's word on a cancellation.
  var isQuiet: Bool { isCancelled && [.draining, .closing, .ended, .waiting].contains(phase) }
  var hasEnded: Bool { phase == .ended }

  mutating func connected() -> Action {
    guard phase == .waiting else { return .none }
    phase = .opening
    return .openChannel
  }

  mutating func channelOpened() -> Action {
    guard phase == .opening else { return .none }
    if isCancelled {
      phase = .closing
      return .closeChannel
    }
    phase = .subscribing
    return .consume
  }

  mutating func subscribed() -> Action {
    guard phase == .subscribing else { return .none }
    phase = isCancelled ? .cancelling : .active
    return isCancelled ? .cancelConsume : .none
  }

  /// The reader wants no more.
  mutating func cancel(outstanding: Int) -> Action {
    guard !isCancelled else { return .none }
    isCancelled = true
    switch phase {
    case .active:
      phase = .cancelling
      return .cancelConsume
    case .waiting, .resting(channelIsOpen: false):
      phase = .ended
      return .end
    case .resting(channelIsOpen: true):
      phase = .draining
      return settled(outstanding: outstanding)
    // The broker's answer on its way decides.
    case .opening, .subscribing, .cancelling, .draining, .closing, .ended: return .none
    }
  }

  /// The broker agrees to the cancellation.
  mutating func cancelled(outstanding: Int) -> Action {
    guard phase == .cancelling else { return .none }
    phase = .draining
    return settled(outstanding: outstanding)
  }

  /// The broker cancels by itself: the queue was deleted, or its leader is elsewhere now.
  mutating func cancelledByBroker(outstanding: Int) -> Action {
    switch phase {
    case .active, .subscribing:
      if isCancelled {
        phase = .draining
        return settled(outstanding: outstanding)
      }
      phase = .resting(channelIsOpen: true)
      return .rest
    case .cancelling:
      return cancelled(outstanding: outstanding)
    case .waiting, .opening, .resting, .draining, .closing, .ended: return .none
    }
  }

  /// Deliveries were settled and the broker told.
  mutating func settled(outstanding: Int) -> Action {
    guard phase == .draining, outstanding == 0 else { return .none }
    phase = .closing
    return .closeChannel
  }

  mutating func rested() -> Action {
    switch phase {
    case .resting(channelIsOpen: true):
      phase = .subscribing
      return .consume
    case .resting(channelIsOpen: false):
      phase = .opening
      return .openChannel
    default: return .none
    }
  }

  /// The channel is closed: by us (code 0), or by an exception.
  mutating func channelClosed(code: UInt16, text: String) -> Action {
    if isCancelled || phase == .closing || phase == .ended {
      phase = .ended
      return .end
    }
    // An exception after the subscription was made (an acknowledgement that took too long, …) need
    // not repeat itself.
    if phase == .subscribing, AMQPError.isPermanentRefusal(code, text) {
      phase = .ended
      return .fail(.channelClosed(code: code, text: text))
    }
    phase = .resting(channelIsOpen: false)
    return .rest
  }

  mutating func connectionLost() -> Action {
    if isCancelled || phase == .ended {
      phase = .ended
      return .end
    }
    phase = .waiting
    return .none
  }
}
