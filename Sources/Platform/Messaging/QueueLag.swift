/// How long messages of one queue wait, as far as one consumer can tell.
///
/// A broker doesn't say how old the message is that waits longest, so this is the smaller of two
/// bounds: a queue hands its messages out in their order, so what waits is younger than what came
/// last; and what waits has come since the queue was last seen empty.
struct QueueLag: Sendable {
  private(set) var messages = 0
  private var lastPublished: Instant?
  private var lastEmpty: Instant

  /// What waits already is counted from `start`.
  init(start: Instant) {
    lastEmpty = start
  }

  /// A message came to this consumer. Only first tries may be told: a retried one is old without
  /// having waited here.
  mutating func delivered(publishedAt instant: Instant) {
    lastPublished = instant
  }

  /// The broker was asked how many messages wait.
  mutating func sampled(messages: Int, at instant: Instant) {
    self.messages = messages
    if messages == 0 { lastEmpty = instant }
  }

  func lag(at instant: Instant) -> Duration {
    guard messages > 0 else { return .zero }
    return max(.zero, instant - max(lastEmpty, lastPublished ?? lastEmpty))
  }
}
