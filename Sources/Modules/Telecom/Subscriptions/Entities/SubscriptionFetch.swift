import Platform

/// Who fetched a link and what it got, as the access log tells it.
struct SubscriptionFetch: Hashable, Sendable {
  /// The client's IP address; empty where it is not known.
  let address: String
  let userAgent: String
  /// A format's name, or `page`.
  let format: String

  /// What browsers get.
  static let page = "page"
  /// Fetches of one subscription that the log keeps: weeks of some devices, and a few kilobytes.
  static let mostKept = 50
  /// Addresses of a day after which no more are kept: a link that is used from so many is no secret
  /// any more.
  static let mostDayAddresses: Int32 = 256
  /// Clients' names and versions come first; what is behind them tells nothing.
  static let longestUserAgent = 200

  /// Leaves out control characters, which have no place in a log.
  init(address: String, userAgent: String, format: String) {
    self.address = address
    self.userAgent = Self.shown(userAgent)
    self.format = format
  }

  /// A User-Agent as lists show it.
  static func shown(_ userAgent: String) -> String {
    DisplayLine.shown(userAgent, longest: longestUserAgent)
  }
}
