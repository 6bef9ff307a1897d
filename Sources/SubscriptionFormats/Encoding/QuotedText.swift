/// Text between double quotes, escaped so that JSON (RFC 8259), YAML 1.1 and YAML 1.2 all read the
/// same characters.
///
/// Characters that YAML folds or refuses (U+007F to U+009F, U+2028, U+2029, U+FEFF, U+FFFE, U+FFFF)
/// are escaped by number; all others stay as they are, because YAML has no surrogate pairs.
enum QuotedText {
  static func append(_ text: String, to output: inout [UInt8]) {
    var text = text
    text.withUTF8 { bytes in
      var start = 0
      var index = 0
      while index < bytes.count {
        let byte = bytes[index]
        if byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
          index += 1
          continue
        }
        guard let (scalar, length) = escaped(bytes, at: index) else {
          index += 1
          continue
        }
        output.append(contentsOf: bytes[start..<index])
        appendEscape(of: scalar, to: &output)
        index += length
        start = index
      }
      output.append(contentsOf: bytes[start...])
    }
  }

  /// The character at `index` if it must be escaped, and the number of its bytes. `bytes` is valid
  /// UTF-8.
  private static func escaped(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> (
    scalar: UInt16, length: Int
  )? {
    let byte = bytes[index]
    switch byte {
    case 0..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"), 0x7F:
      return (UInt16(byte), 1)
    case 0xC2 where bytes[index + 1] < 0xA0:
      return (UInt16(bytes[index + 1]), 2)
    case 0xE2, 0xEF:
      let scalar =
        UInt16(byte & 0x0F) << 12 | UInt16(bytes[index + 1] & 0x3F) << 6
        | UInt16(bytes[index + 2] & 0x3F)
      switch scalar {
      case 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: return (scalar, 3)
      default: return nil
      }
    default:
      return nil
    }
  }

  private static func appendEscape(of scalar: UInt16, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\\"))
    switch scalar {
    case 0x22, 0x5C: output.append(UInt8(scalar))
    case 0x0A: output.append(UInt8(ascii: "n"))
    case 0x0D: output.append(UInt8(ascii: "r"))
    case 0x09: output.append(UInt8(ascii: "t"))
    default:
      let digits = StaticString("0123456789abcdef").utf8Start
      output.append(UInt8(ascii: "u"))
      for shift in [12, 8, 4, 0] { output.append(digits[Int(scalar >> UInt16(shift)) & 15]) }
    }
  }
}
