/// The ports between which clients of a QUIC protocol hop, so that no flow on one of them lasts
/// long.
///
/// The server listens on one port; its machine's firewall redirects these to it.
///
/// JSON: `first`, `last`, `interval` in seconds.
package struct PortHopping: Sendable, Hashable {
  package var first: UInt16
  package var last: UInt16
  /// Seconds on each port.
  package var interval: UInt16

  package static let defaultInterval: UInt16 = 30

  package init(first: UInt16, last: UInt16, interval: UInt16 = Self.defaultInterval) {
    self.first = first
    self.last = last
    self.interval = interval
  }

  /// Hysteria refuses to hop more often.
  private static let shortestInterval: UInt16 = 5

  var violations: [FieldViolation] {
    var violations: [FieldViolation] = []
    if first == 0 { violations.append(FieldViolation("first", "must be between 1 and 65535")) }
    if last < first {
      violations.append(FieldViolation("last", "must be at least as great as first"))
    }
    if interval < Self.shortestInterval {
      violations.append(FieldViolation("interval", "must be at least 5 seconds"))
    }
    return violations
  }

  func range(_ separator: Character) -> String { "\(first)\(separator)\(last)" }
}

extension PortHopping: Codable {
  private enum CodingKeys: String, CodingKey { case first, last, interval }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      first: try container.decodeInteger(UInt16.self, forKey: .first),
      last: try container.decodeInteger(UInt16.self, forKey: .last),
      interval: try container.decodeIntegerIfPresent(UInt16.self, forKey: .interval)
        ?? Self.defaultInterval
    )
  }
}
