import CNIOLinux
import NIOCore

/// A block of IP addresses in CIDR notation. Source: RFC 4632, RFC 4291.
package struct AddressBlock: Sendable, Hashable {
  private let prefix: [UInt8]
  private let length: Int

  /// Nil when `text` is no `address/length` (a bare address is a block of one).
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let bytes = Self.bytes(of: String(parts[0])) else { return nil }
    let whole = bytes.count * 8
    guard let length = parts.count == 2 ? Int(parts[1]) : whole, (0...whole).contains(length) else {
      return nil
    }
    prefix = bytes
    self.length = length
  }

  /// Whether the block holds `address` in its text form.
  package func contains(_ address: String) -> Bool {
    guard let bytes = Self.bytes(of: address), bytes.count == prefix.count else { return false }
    let (whole, rest) = length.quotientAndRemainder(dividingBy: 8)
    guard bytes[..<whole] == prefix[..<whole] else { return false }
    guard rest > 0 else { return true }
    let mask = UInt8(truncatingIfNeeded: 0xFF << (8 - rest))
    return bytes[whole] & mask == prefix[whole] & mask
  }

  private static func bytes(of text: String) -> [UInt8]? {
    guard let address = try? SocketAddress(ipAddress: text, port: 0) else { return nil }
    switch address {
    case .v4(let v4):
      return withUnsafeBytes(of: v4.address.sin_addr) { Array($0) }
    case .v6(let v6):
      let bytes = withUnsafeBytes(of: v6.address.sin6_addr) { Array($0) }
      // ::ffff:a.b.c.d is the IPv4 address a.b.c.d.
      let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
      return isMapped ? Array(bytes[12...]) : bytes
    case .unixDomainSocket:
      return nil
    }
  }
}

/// The proxies whose `X-Forwarded-For` is trusted.
package struct TrustedProxies: Sendable, Hashable {
  package let blocks: [AddressBlock]

  package init(_ blocks: [AddressBlock]) {
    self.blocks = blocks
  }

  /// The client's address: the last forwarded hop that isn't a trusted proxy, or the peer itself.
  package func clientAddress(peer: String, forwardedFor: [String]) -> String {
    var client = peer
    for hop in forwardedFor.flatMap({ $0.split(separator: ",") }).reversed() {
      guard blocks.contains(where: { $0.contains(client) }) else { break }
      let hop = String(hop.drop(while: { $0 == " " }).prefix { $0 != " " })
      guard (try? SocketAddress(ipAddress: hop, port: 0)) != nil else { break }
      client = hop
    }
    return client
  }
}
