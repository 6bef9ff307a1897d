import FieldViolations
import SubscriptionFormats

/// The address and port on which an agent listens.
package struct Listener: Sendable, Hashable {
  /// An IP address of the node's machine, or 0.0.0.0 for all.
  package var address: String
  package var port: UInt16

  package init(address: String = "0.0.0.0", port: UInt16) {
    self.address = address
    self.port = port
  }

  var violations: [FieldViolation] {
    var violations: [FieldViolation] = []
    if !HostName.isAddress(address) {
      violations.append(FieldViolation("listen_ip", "must be an IP address, for example 0.0.0.0"))
    }
    if port == 0 { violations.append(FieldViolation("server_port", "must be between 1 and 65535")) }
    return violations
  }
}

extension Listener: Codable {
  private enum CodingKeys: String, CodingKey {
    case address = "listen_ip"
    case port = "server_port"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      address: try container.decodeIfPresent(String.self, forKey: .address) ?? "0.0.0.0",
      port: try container.decodeInteger(UInt16.self, forKey: .port)
    )
  }
}
