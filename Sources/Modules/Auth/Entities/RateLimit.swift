import Platform

/// How often something may be tried: `burst` times at once, and then once each time a `burst`th of
/// `period` has passed.
///
/// Kept as one number, the time until which the allowance is used up: the generic cell rate
/// algorithm, which is a token bucket.
struct RateLimit: Hashable, Sendable {
  /// Part of the key under which it is counted.
  let name: String
  let burst: Int64
  let period: Duration

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

  /// Takes a try back that turned out to be none.
  func giveBack(_ usedUntil: inout Instant?) {
    usedUntil = usedUntil.map { $0 - .microseconds(interval) }
  }
}

extension RateLimit {
  /// A mail may get lost and be asked for again; more would fill a stranger's mailbox.
  static let codesOfAddress = RateLimit(name: "codes_of_address", burst: 5, period: .seconds(3_600))
  /// A household or a small office registers; a list of addresses doesn't.
  static let codesOfClient = RateLimit(name: "codes_of_client", burst: 20, period: .seconds(3_600))
  /// With five tries a code, beside the limit of codes: for who tries one code on many addresses.
  static let registrationsOfClient = RateLimit(
    name: "registrations_of_client",
    burst: 60,
    period: .seconds(3_600)
  )
  /// Failed ones from anywhere: 40 guesses an hour find no password that isn't among the very
  /// first.
  static let logInsOfAddress = RateLimit(
    name: "log_ins_of_address",
    burst: 10,
    period: .seconds(900)
  )
  /// Failed ones: an office behind one address mistypes this often at most; a list of stolen
  /// passwords doesn't come far.
  static let logInsOfClient = RateLimit(name: "log_ins_of_client", burst: 50, period: .seconds(900))
}

/// Too many tries; says how long to wait.
struct RateLimited: DomainError, Hashable {
  let wait: Duration

  var kind: FailureKind { .resourceExhausted }
  var reason: String { "RATE_LIMITED" }
  var message: String {
    "too many tries; the next one is possible in \(max(1, (wait.microseconds + 999_999) / 1_000_000)) s"
  }
}
