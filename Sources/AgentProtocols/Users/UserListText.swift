import FoundationEssentials

/// What lists of users are written of.
extension [UInt8] {
  mutating func append(_ text: StaticString) {
    append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func append(decimal number: Int64) {
    var text = String(number)
    text.withUTF8 { append(contentsOf: $0) }
  }

  /// Appends the 36 characters of a UUID, in lower case.
  mutating func append(_ uuid: UUID) {
    let digits = StaticString("0123456789abcdef").utf8Start
    Swift.withUnsafeBytes(of: uuid.uuid) { bytes in
      for (index, byte) in bytes.enumerated() {
        if index == 4 || index == 6 || index == 8 || index == 10 { append(UInt8(ascii: "-")) }
        append(digits[Int(byte >> 4)])
        append(digits[Int(byte & 15)])
      }
    }
  }
}
