import Glibc

/// The IP address of a device, in its canonical text: the same address has the same text on every
/// node.
package struct DeviceAddress: Hashable, Sendable {
  package let text: String

  /// The longest text of an address, with a scope, a port and a node's number behind it.
  private static let longestText = 96

  /// Reads an address as agents write it, with a port or the number of a node behind it; nil for
  /// anything else.
  package init?(_ written: String) {
    guard written.utf8.count <= Self.longestText else { return nil }
    let address = Self.bare(written.prefix { $0 != "_" })
    var v4 = in_addr()
    if inet_pton(AF_INET, address, &v4) == 1 {
      text = address
      return
    }
    var v6 = in6_addr()
    guard inet_pton(AF_INET6, address, &v6) == 1 else { return nil }
    let bytes = withUnsafeBytes(of: v6) { Array($0) }
    // An IPv4 address that came in over IPv6 is the same device.
    if bytes[..<10].allSatisfy({ $0 == 0 }), bytes[10] == 0xFF, bytes[11] == 0xFF {
      text = bytes[12...].map(String.init).joined(separator: ".")
      return
    }
    var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    guard inet_ntop(AF_INET6, &v6, &buffer, socklen_t(buffer.count)) != nil else { return nil }
    text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Without brackets and port.
  private static func bare(_ written: Substring) -> String {
    if written.hasPrefix("["), let end = written.firstIndex(of: "]") {
      return String(written[written.index(after: written.startIndex)..<end])
    }
    if let colon = written.firstIndex(of: ":"),
      written[written.index(after: colon)...].firstIndex(of: ":") == nil
    {
      return String(written[..<colon])
    }
    return String(written)
  }
}
