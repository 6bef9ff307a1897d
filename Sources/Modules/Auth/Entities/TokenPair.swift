import Platform

/// The tokens that a client keeps after a log-in.
struct TokenPair: Sendable {
  let account: Account.ID
  let access: String
  let refresh: String
  let accessExpiresAt: Instant

  /// A stolen access token is of use for this long at most, and only while its session lives.
  static let accessLifetime: Int64 = 15 * 60
}
