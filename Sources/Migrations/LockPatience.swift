/// How long a migration waits for the locks of its tables, and how often.
///
/// While a session waits for a lock, all later sessions queue behind it, even reads. So a migration
/// waits only briefly, lets them pass, and tries again.
package struct LockPatience: Sendable, Hashable {
  package var timeout: Duration
  package var pause: Duration
  package var attempts: Int

  package init(timeout: Duration, pause: Duration, attempts: Int) {
    self.timeout = timeout
    self.pause = pause
    self.attempts = attempts
  }

  /// Requests tolerate two seconds. Within a quarter of an hour every transaction of the service
  /// has ended many times; whatever still holds a lock must be found by people.
  package static let standard = LockPatience(
    timeout: .seconds(2),
    pause: .seconds(3),
    attempts: 180
  )

  /// At least one, since PostgreSQL reads 0 as no limit.
  var timeoutInMilliseconds: Int64 {
    let (seconds, attoseconds) = timeout.components
    return max(1, seconds * 1_000 + attoseconds / 1_000_000_000_000_000)
  }
}
