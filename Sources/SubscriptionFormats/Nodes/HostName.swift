import Glibc

/// Rules for what names a host.
package enum HostName {
  /// The longest domain name (RFC 1035 section 2.3.4).
  private static let longestName = 253
  private static let longestLabel = 63

  /// Whether it is a host name (RFC 1123 section 2.1) that is not all digits and dots, as an IP
  /// address is.
  package static func isDomainName(_ text: String) -> Bool {
    guard text.utf8.count <= longestName else { return false }
    let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let areLabels = labels.allSatisfy { label in
      !label.isEmpty && label.count <= longestLabel && label.first != UInt8(ascii: "-")
        && label.last != UInt8(ascii: "-")
        && label.allSatisfy(isLabelCharacter)
    }
    return areLabels && labels.last?.allSatisfy(isDigit) == false
  }

  /// Whether it is an IPv4 or IPv6 address.
  package static func isAddress(_ text: String) -> Bool {
    var address = in6_addr()
    return inet_pton(AF_INET, text, &address) == 1 || inet_pton(AF_INET6, text, &address) == 1
  }

  /// Whether it is a host name or an IP address, IPv6 without brackets.
  package static func isHost(_ text: String) -> Bool {
    isDomainName(text) || isAddress(text)
  }

  private static func isLabelCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: isDigit(byte)
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
