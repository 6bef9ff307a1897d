import Platform

extension RateLimit {
  /// A mail may get lost and be requested again. More would fill a stranger's mailbox.
  static let codesOfAddress = RateLimit(
    "auth",
    "codes_of_address",
    burst: 5,
    period: .seconds(3_600)
  )
  /// Enough for a household or a small office, but not for a list of addresses.
  static let codesOfClient = RateLimit(
    "auth",
    "codes_of_client",
    burst: 20,
    period: .seconds(3_600)
  )
  /// Besides the limit of five attempts per code: against trying one code on many addresses.
  static let registrationsOfClient = RateLimit(
    "auth",
    "registrations_of_client",
    burst: 60,
    period: .seconds(3_600)
  )
  /// Failed ones from anywhere: 40 guesses an hour find no password that isn't among the very
  /// first.
  static let logInsOfAddress = RateLimit(
    "auth",
    "log_ins_of_address",
    burst: 10,
    period: .seconds(900),
    counts: .failures
  )
  /// Failed ones: an office behind one address mistypes this often at most; a list of stolen
  /// passwords doesn't come far.
  static let logInsOfClient = RateLimit(
    "auth",
    "log_ins_of_client",
    burst: 50,
    period: .seconds(900),
    counts: .failures
  )
}
