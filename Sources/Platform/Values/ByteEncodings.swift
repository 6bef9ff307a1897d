import FoundationEssentials

extension [UInt8] {
  /// Base64 in the URL-safe alphabet without padding. Source: RFC 4648, section 5.
  package var base64URL: String {
    let standard = Data(self).base64EncodedData()
    return String(unsafeUninitializedCapacity: standard.count) { buffer in
      var count = 0
      for byte in standard where byte != UInt8(ascii: "=") {
        buffer[count] =
          switch byte {
          case UInt8(ascii: "+"): UInt8(ascii: "-")
          case UInt8(ascii: "/"): UInt8(ascii: "_")
          default: byte
          }
        count += 1
      }
      return count
    }
  }

  /// Reads base64url with or without padding; nil when `text` is anything else.
  package init?(base64URL text: String) {
    var standard = text.utf8.map { byte -> UInt8 in
      switch byte {
      case UInt8(ascii: "-"): UInt8(ascii: "+")
      case UInt8(ascii: "_"): UInt8(ascii: "/")
      default: byte
      }
    }
    while standard.count % 4 != 0 { standard.append(UInt8(ascii: "=")) }
    guard let data = Data(base64Encoded: Data(standard)) else { return nil }
    self = [UInt8](data)
  }

  /// Lower-case hexadecimal digits, two a byte.
  package var hexadecimal: String {
    String(unsafeUninitializedCapacity: 2 * count) { buffer in
      for (index, byte) in enumerated() {
        buffer[2 * index] = Self.digit(byte >> 4)
        buffer[2 * index + 1] = Self.digit(byte & 15)
      }
      return 2 * count
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + (value - 10)
  }
}
