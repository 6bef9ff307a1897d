import FoundationEssentials

extension [UInt8] {
  /// Base64 in the URL-safe alphabet without padding. Source: RFC 4648, section 5.
  package var base64URL: String {
    let text = Data(self).base64EncodedString()
    return String(
      text.compactMap { character -> Character? in
        switch character {
        case "+": "-"
        case "/": "_"
        case "=": nil
        default: character
        }
      })
  }

  /// Reads base64url with or without padding; nil when `text` is anything else.
  package init?(base64URL text: String) {
    var standard = text.map { character -> Character in
      switch character {
      case "-": "+"
      case "_": "/"
      default: character
      }
    }
    while standard.count % 4 != 0 { standard.append("=") }
    guard let data = Data(base64Encoded: String(standard)) else { return nil }
    self = [UInt8](data)
  }

  /// Lower-case hexadecimal digits, two a byte.
  package var hexadecimal: String {
    String(decoding: flatMap { byte in [Self.digits[Int(byte >> 4)], Self.digits[Int(byte & 15)]] }, as: UTF8.self)
  }

  private static let digits = Array("0123456789abcdef".utf8)
}
