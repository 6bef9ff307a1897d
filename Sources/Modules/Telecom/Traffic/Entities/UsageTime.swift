import Platform

/// The time whose usage is asked for: from `start` to before `end`.
struct UsageTime: Hashable, Sendable {
  let start: Instant
  let end: Instant

  /// One more than a year of days in any time zone; an answer of hours stays a few pages.
  private static let longest = Duration.seconds(400 * 86_400)
  private static let usual = Duration.seconds(30 * 86_400)

  /// `start` nil: 30 days before the end; `end` nil: now. Throws what is wrong.
  init(start: Instant?, end: Instant?, now: Instant) throws(InvalidInput) {
    let end = end ?? now
    let start = start ?? end - Self.usual
    guard start < end else { throw InvalidInput("time.start", "must be before the end") }
    guard end - start <= Self.longest else {
      throw InvalidInput("time", "must be at most 400 days")
    }
    self.start = start
    self.end = end
  }
}

/// How usage is summed up. The names are those of PostgreSQL's `date_trunc`.
enum UsageBucket: String, Sendable {
  case hour
  /// Of the operator's time zone.
  case day
}
