import Platform

/// The time whose usage is asked for: from `start` to before `end`.
struct UsageTime: Hashable, Sendable {
  let start: Instant
  let end: Instant

  /// One more than a year of days in any time zone; an answer of hours stays a few pages.
  private static let longest = Duration.seconds(400 * 86_400)
  private static let usualDays: Int64 = 30

  /// `start` nil: 30 days before the end; `end` nil: now. Throws what is wrong.
  init(start: Instant?, end: Instant?, now: Instant) throws(InvalidInput) {
    let end = end ?? now
    let start = start ?? end - .seconds(Self.usualDays * 86_400)
    guard start < end else { throw InvalidInput("time.start", "must be before the end") }
    guard end - start <= Self.longest else {
      throw InvalidInput("time", "must be at most 400 days")
    }
    self.start = start
    self.end = end
  }
}

extension UsageTime {
  /// A time as it is asked for: either end may be left out.
  struct Bounds: Hashable, Sendable, CustomStringConvertible {
    var start: Instant?
    var end: Instant?

    /// The time that is meant at `now`. Throws what is wrong.
    func resolved(at now: Instant) throws(InvalidInput) -> UsageTime {
      try UsageTime(start: start, end: end, now: now)
    }

    /// Seconds since 1970, for the audit log.
    var description: String {
      let start = start.map { "\($0.seconds)" } ?? "\(UsageTime.usualDays) days before"
      return "\(start) to \(end.map { "\($0.seconds)" } ?? "now")"
    }
  }
}

/// How usage is summed up. The names are those of PostgreSQL's `date_trunc`.
enum UsageBucket: String, Sendable {
  case hour
  /// Of the operator's time zone.
  case day
}
