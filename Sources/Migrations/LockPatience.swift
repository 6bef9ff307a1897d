/// How long a migration waits for the locks of its tables, and how often.
///
/// Whoever waits for a lock makes all who come later wait behind it, reads too. So a migration
/// waits briefly, lets them pass, and comes again.
package struct LockPatience: Sendable, Hashable {
  package var timeout: Duration
  package var pause: Duration
  package var attempts: Int

  package init(timeout: Duration, pause: Duration, attempts: Int) {
    self.timeout = timeout
    self.pause = pause
    self.attempts = attempts
  }

  /// Requests bear two seconds; in a quarter of an hour every transaction of the service has ended
  /// many times, and what still holds a lock is for people to find.
  package static let standard = LockPatience(
    timeout: .seconds(2),
    pause: .seconds(3),
    attempts: 180
  )

  /// At least one, for PostgreSQL reads 0 as no limit.
  var timeoutInMilliseconds: Int64 {
    let (seconds, attoseconds) = timeout.components
    return max(1, seconds * 1_000 + attoseconds / 1_000_000_000_000_000)
  }
}
