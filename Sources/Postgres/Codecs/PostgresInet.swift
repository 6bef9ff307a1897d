/// An IPv4 or IPv6 address with the length of its network prefix (`inet`, `cidr`).
package struct PostgresInet: Hashable, Sendable, PostgresCodable {
  package static var postgresType: PostgresType { .inet }

  // The server's own numbers of the families (`PGSQL_AF_INET`, `PGSQL_AF_INET6`), not the system's.
  private static let ipv4: UInt8 = 2
  private static let ipv6: UInt8 = 3

  /// Four bytes of IPv4, or sixteen of IPv6.
  package let address: [UInt8]
  /// Bits of the network's prefix: 32 or 128 for a host alone.
  package let prefix: UInt8

  /// Nil unless the address has 4 or 16 bytes and the prefix is no longer than it.
  package init?(address: [UInt8], prefix: UInt8? = nil) {
    guard address.count == 4 || address.count == 16 else { return nil }
    let bits = UInt8(address.count * 8)
    guard prefix ?? bits <= bits else { return nil }
    self.address = address
    self.prefix = prefix ?? bits
  }

  package func encode(into bytes: inout [UInt8]) {
    bytes.append(address.count == 4 ? Self.ipv4 : Self.ipv6)
    bytes.append(prefix)
    bytes.append(0)
    bytes.append(UInt8(address.count))
    bytes.append(contentsOf: address)
  }

  package init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws {
    guard type == .inet || type == .cidr else {
      throw PostgresDecodingError.typeMismatch(column: type, swift: "PostgresInet")
    }
    guard bytes.count == 8 || bytes.count == 20,
      let value = PostgresInet(address: [UInt8](bytes.dropFirst(4)), prefix: bytes[1])
    else {
      throw PostgresDecodingError.malformed("an inet of \(bytes.count) bytes")
    }
    self = value
  }
}
