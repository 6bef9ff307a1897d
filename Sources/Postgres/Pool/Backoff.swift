/// When to try again after failures: the pause doubles, and a random half of it is left out so that
/// clients spread.
struct Backoff {
  let minimum: Duration
  let maximum: Duration
  private(set) var failures = 0
  /// Nil unless the last attempt failed.
  private(set) var retryAt: MonotonicTime?

  init(minimum: Duration, maximum: Duration) {
    self.minimum = minimum
    self.maximum = maximum
  }

  /// `random` is from 0 to 1.
  mutating func failed(at now: MonotonicTime, random: Double) {
    // 2^16 times the first pause is beyond every maximum.
    let pause = min(maximum, minimum * (1 << min(failures, 16)))
    failures += 1
    retryAt = now.advanced(by: pause * (0.5 + random / 2))
  }

  mutating func succeeded() {
    failures = 0
    retryAt = nil
  }

  func allows(at now: MonotonicTime) -> Bool { retryAt.map { $0 <= now } ?? true }
}

/// Why no connection could be opened the last time; nothing if that succeeded.
struct OpenFailure {
  var last: PostgresClientError?
  /// No further attempt will go better, so callers need not wait for one.
  var isPermanent = false

  var standing: PostgresClientError? { isPermanent ? last : nil }
}
