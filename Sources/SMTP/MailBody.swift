/// A text as mail carries it: lines ended by CRLF, and an encoding that makes it short lines of
/// ASCII.
struct MailBody {
  enum Encoding: String {
    case quotedPrintable = "quoted-printable"
    case base64
  }

  let content: String
  let encoding: Encoding

  init(_ text: String) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count + text.utf8.count / 32)
    var foreign = 0
    var previous: UInt8 = 0
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\n") where previous == UInt8(ascii: "\r"): bytes.append(byte)
      case UInt8(ascii: "\n"): bytes += [UInt8(ascii: "\r"), byte]
      default:
        if previous == UInt8(ascii: "\r") { bytes.append(UInt8(ascii: "\n")) }
        bytes.append(byte)
        if byte >= 0x80 || byte == UInt8(ascii: "=") { foreign += 1 }
      }
      previous = byte
    }
    if previous == UInt8(ascii: "\r") { bytes.append(UInt8(ascii: "\n")) }
    content = String(decoding: bytes, as: UTF8.self)
    // Quoted-printable adds two bytes for each foreign one, base64 one for each three of all.
    encoding = foreign * 6 <= bytes.count ? .quotedPrintable : .base64
  }
}
