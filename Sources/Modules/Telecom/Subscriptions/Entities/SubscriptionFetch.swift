import Platform

/// A fetch of a link, as the access log keeps it.
struct SubscriptionFetch: Hashable, Sendable {
  /// The client's IP address; empty where it is not known.
  let address: String
  let userAgent: String
  /// A format's name, or `page`.
  let format: String

  /// What browsers get.
  static let page = "page"
  /// Fetches of one subscription that the log keeps: weeks of some devices, and a few kilobytes.
  static let maxKept = 50
  /// How many addresses of a day are kept. A link that is used from more is no longer a secret.
  static let maxDayAddresses: Int32 = 256
  /// Names and versions of clients come first; the rest isn't useful.
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
