import DequeModule

/// The deliveries of one channel that are not settled, and how to settle them with few frames.
struct DeliveryLedger {
  /// One basic.ack.
  struct Acknowledgement: Equatable {
    let tag: UInt64
    let multiple: Bool
  }

  private enum State {
    case inHand, acked, settled
  }

  /// The delivery tag of the first state: the broker counts deliveries per channel, from 1.
  private var firstTag: UInt64 = 1
  private var states: Deque<State> = []
  /// Acked, and the broker not told yet. In the order of acking, which is nearly the order of tags.
  private var unsent: [UInt64] = []
  /// Deliveries the broker counts as unsettled.
  private(set) var outstanding = 0

  /// A delivery has come.
  mutating func delivered(_ tag: UInt64) {
    if states.isEmpty { firstTag = tag }
    // Tags are consecutive; should one be missing, it is nobody's to settle.
    while firstTag + UInt64(states.count) < tag { states.append(.settled) }
    states.append(.inHand)
    outstanding += 1
  }

  /// Notes an acknowledgement, to be sent by the next ``flush()``. False: it is settled already.
  mutating func ack(_ tag: UInt64) -> Bool {
    guard let index = index(of: tag), states[index] == .inHand else { return false }
    states[index] = .acked
    unsent.append(tag)
    return true
  }

  /// Notes a negative acknowledgement, which the caller sends at once. False: it is settled
  /// already.
  mutating func nack(_ tag: UInt64) -> Bool {
    guard let index = index(of: tag), states[index] == .inHand else { return false }
    states[index] = .settled
    outstanding -= 1
    trim()
    return true
  }

  /// The frames that tell the broker of all acknowledgements since the last flush: one `multiple`
  /// for those that have no delivery in hand before them, and one each for the rest.
  mutating func flush() -> [Acknowledgement] {
    guard !unsent.isEmpty else { return [] }
    var frames: [Acknowledgement] = []
    // A multiple ack settles everything up to its tag, so it must stop before the first delivery in
    // hand.
    let prefix = states.firstIndex(of: .inHand) ?? states.count
    let limit = firstTag + UInt64(prefix)
    let inPrefix = unsent.lazy.filter { $0 < limit }
    if let last = inPrefix.max() {
      frames.append(Acknowledgement(tag: last, multiple: inPrefix.count > 1))
    }
    for tag in unsent {
      if tag >= limit { frames.append(Acknowledgement(tag: tag, multiple: false)) }
      if let index = index(of: tag) { states[index] = .settled }
    }
    outstanding -= unsent.count
    unsent.removeAll(keepingCapacity: true)
    trim()
    return frames
  }

  private func index(of tag: UInt64) -> Int? {
    guard tag >= firstTag, tag - firstTag < UInt64(states.count) else { return nil }
    return Int(tag - firstTag)
  }

  private mutating func trim() {
    while states.first == .settled {
      states.removeFirst()
      firstTag += 1
    }
  }
}
