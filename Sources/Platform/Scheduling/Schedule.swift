/// When a scheduled job is due: at the ends of equal slots of time, counted from 1970 in UTC.
package struct Schedule: Sendable, Hashable {
  /// The length of a slot in microseconds.
  private let interval: Int64
  /// How far into each interval the slot begins.
  private let offset: Int64

  private init(interval: Int64, offset: Int64) {
    self.interval = interval
    self.offset = offset
  }

  package static func every(_ interval: Duration) -> Schedule {
    precondition(interval.microseconds >= 1_000_000, "a slot must last at least a second")
    return Schedule(interval: interval.microseconds, offset: 0)
  }

  /// Once a day at an hour and minute in UTC.
  package static func daily(hour: Int, minute: Int) -> Schedule {
    precondition((0..<24).contains(hour) && (0..<60).contains(minute), "a time of day")
    return Schedule(interval: 86_400_000_000, offset: Int64(hour * 60 + minute) * 60_000_000)
  }

  /// The newest slot that has begun at `instant`.
  package func slot(at instant: Instant) -> Instant {
    let elapsed = instant.microseconds - offset
    let remainder = elapsed % interval
    return Instant(
      microseconds: instant.microseconds - (remainder < 0 ? remainder + interval : remainder)
    )
  }
}
