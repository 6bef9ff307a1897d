/// How often something may be tried: `burst` times at once, and then once each time a `burst`th of
/// `period` has passed.
///
/// Kept as one number, the time until which the allowance is used up: the generic cell rate
/// algorithm, which is a token bucket.
package struct RateLimit: Hashable, Sendable {
  /// The module and the name that its counts are kept under.
  package let module: String
  package let name: String
  package let burst: Int64
  package let period: Duration
  /// Whether every try counts, or only those that fail. All are counted before they run, so that
  /// tries side by side are; one that succeeds is then given back.
  package let counts: Counted

  package enum Counted: Hashable, Sendable {
    case calls, failures
  }

  package init(
    _ module: String,
    _ name: String,
    burst: Int64,
    period: Duration,
    counts: Counted = .calls
  ) {
    self.module = module
    self.name = name
    self.burst = burst
    self.period = period
    self.counts = counts
  }

  /// What one try costs, in microseconds.
  var interval: Int64 { period.microseconds / burst }

  /// Counts a try at `instant`. Nil: it is allowed, and `usedUntil` is moved; else how long to wait
  /// for the next.
  func take(_ usedUntil: inout Instant?, at instant: Instant) -> Duration? {
    let until = max(usedUntil ?? instant, instant) + .microseconds(interval)
    let wait = until - instant - .microseconds(interval * burst)
    guard wait <= .zero else { return wait }
    usedUntil = until
    return nil
  }

  /// Takes back an attempt that turned out not to be one.
  func giveBack(_ usedUntil: inout Instant?) {
    usedUntil = usedUntil.map { $0 - .microseconds(interval) }
  }
}

/// Too many tries; says how long to wait.
package struct RateLimited: DomainError, Hashable {
  package let wait: Duration

  package var kind: FailureKind { .resourceExhausted }
  package var reason: String { "RATE_LIMITED" }
  package var message: String {
    "too many attempts; try again in \(max(1, (wait.microseconds + 999_999) / 1_000_000)) s"
  }
}
