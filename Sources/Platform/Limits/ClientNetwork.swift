import Glibc

/// Where a call comes from, as precisely as rate limits distinguish callers.
package enum ClientNetwork {
  /// An IPv4 address, or the /64 of an IPv6 address, since providers give each customer a whole
  /// /64.
  ///
  /// Nil for this machine itself and for anything that isn't an address. Behind a proxy that isn't
  /// in `TRUSTED_PROXIES`, everyone has the same address, and a limit on it would lock everyone
  /// out.
  package static func subject(of address: String) -> String? {
    var v4 = in_addr()
    if inet_pton(AF_INET, address, &v4) == 1 {
      return UInt32(bigEndian: v4.s_addr) >> 24 == 127 ? nil : address
    }
    var v6 = in6_addr()
    guard inet_pton(AF_INET6, address, &v6) == 1 else { return nil }
    let bytes = withUnsafeBytes(of: &v6) { Array($0) }
    if bytes.prefix(15).allSatisfy({ $0 == 0 }) { return nil }
    if bytes.prefix(10).allSatisfy({ $0 == 0 }), bytes[10] == 0xFF, bytes[11] == 0xFF {
      return subject(of: bytes.suffix(4).map { String($0) }.joined(separator: "."))
    }
    return bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":")
  }
}
