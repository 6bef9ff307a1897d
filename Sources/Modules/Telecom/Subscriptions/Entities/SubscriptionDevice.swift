import Contracts
import Platform

/// A device that fetches a link, as described by its client, which makes up an id for it (HWID).
///
/// Source: Remnawave's headers, which Happ, v2rayTUN and others send.
struct SubscriptionDevice: Hashable, Sendable {
  /// Stays the same while the client is installed.
  let hwid: String
  /// What the client says of it; empty: nothing.
  let platform: String
  let osVersion: String
  let model: String
  let userAgent: String

  /// A larger number wouldn't limit anything.
  static let largestLimit: Int32 = 1_000
  /// How precise `last_seen_at` is. Each update is a write.
  static let noteInterval = Duration.seconds(3_600)
  /// What clients call models and systems has a few words.
  private static let longestLabel = 64
  private static let hwidLengths = 10...64

  /// Nil: the client sends no id, or none that is well-formed.
  init?(hwid: String?, platform: String?, osVersion: String?, model: String?, userAgent: String) {
    guard let hwid, Self.isWellFormed(hwid) else { return nil }
    self.hwid = hwid
    self.platform = Self.label(platform)
    self.osVersion = Self.label(osVersion)
    self.model = Self.label(model)
    self.userAgent = SubscriptionFetch.shown(userAgent)
  }

  /// Throws if this can't be a client's id, naming the field `hwid`.
  static func requireWellFormed(_ hwid: String) throws(InvalidInput) {
    guard !isWellFormed(hwid) else { return }
    let description =
      "must have \(hwidLengths.lowerBound) to \(hwidLengths.upperBound) ASCII letters, digits, = or -"
    throw InvalidInput("hwid", description)
  }

  /// Letters and digits of ASCII, `=` and `-`.
  private static func isWellFormed(_ hwid: String) -> Bool {
    hwidLengths.contains(hwid.utf8.count)
      && hwid.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: byte == UInt8(ascii: "=") || byte == UInt8(ascii: "-")
        }
      }
  }

  private static func label(_ text: String?) -> String {
    DisplayLine.shown(text ?? "", longest: longestLabel)
  }

  /// How many devices may fetch a link; nil: any number. The subscription's own number counts
  /// before its package's, and that before the settings'; 0 stands for any number.
  static func limit(own: Int32?, package: Int32? = nil, settings: TelecomSettings) -> Int32? {
    let limit = own ?? package ?? settings.hwidLimit ?? 0
    return limit == 0 ? nil : limit
  }
}

/// Whether a device may fetch a link, by the limit of devices.
enum DeviceAdmission: Hashable, Sendable {
  /// There is no limit.
  case unlimited
  case admitted
  case refused(Refusal)

  enum Refusal: Hashable, Sendable {
    /// The client sends no id, so it can't be counted.
    case noHWID
    case tooManyDevices
  }

  /// The headers that clients understand, each `true`. Source: Remnawave; `x-hwid-limit` is
  /// v2rayTUN's name for the one before.
  var headerNames: [String] {
    switch self {
    case .unlimited: []
    case .admitted: ["x-hwid-active"]
    case .refused(.noHWID): ["x-hwid-active", "x-hwid-not-supported"]
    case .refused(.tooManyDevices): ["x-hwid-active", "x-hwid-max-devices-reached", "x-hwid-limit"]
    }
  }
}
