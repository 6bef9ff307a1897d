/// Base64 (RFC 4648) into a buffer of bytes.
struct Base64: Sendable {
  /// The characters of each 12 bits, the first in the low byte: two look-ups for three bytes.
  private let pairs: [UInt16]
  private let pads: Bool

  /// Section 4: `+` and `/`, padded.
  static let standard = Base64(alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", pads: true)
  /// Section 5: `-` and `_`, without padding.
  static let url = Base64(alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", pads: false)

  private init(alphabet: String, pads: Bool) {
    let digits = alphabet.utf8.map(UInt16.init)
    pairs = (0..<4096).map { digits[$0 >> 6] | digits[$0 & 63] << 8 }
    self.pads = pads
  }

  /// The number of characters that `count` bytes become, padding included.
  static func encodedCount(_ count: Int) -> Int { (count + 2) / 3 * 4 }

  func append(_ bytes: some Collection<UInt8>, to output: inout [UInt8]) {
    let copied: Void? = bytes.withContiguousStorageIfAvailable { append(buffer: $0, to: &output) }
    if copied == nil { Array(bytes).withUnsafeBufferPointer { append(buffer: $0, to: &output) } }
  }

  private func append(buffer: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
    let encoded = [UInt8](unsafeUninitializedCapacity: Self.encodedCount(buffer.count)) { target, count in
      pairs.withUnsafeBufferPointer { pairs in
        func put(_ twelveBits: Int) {
          UnsafeMutableRawBufferPointer(target).storeBytes(of: pairs[twelveBits].littleEndian, toByteOffset: count, as: UInt16.self)
          count += 2
        }
        var source = 0
        while source + 3 <= buffer.count {
          let group = Int(buffer[source]) << 16 | Int(buffer[source + 1]) << 8 | Int(buffer[source + 2])
          put(group >> 12)
          put(group & 0xFFF)
          source += 3
        }
        let rest = buffer.count - source
        guard rest > 0 else { return }
        let group = Int(buffer[source]) << 16 | (rest == 2 ? Int(buffer[source + 1]) << 8 : 0)
        put(group >> 12)
        put(group & 0xFFF)
        // One byte has two characters, two bytes have three; the others are padding.
        count -= 3 - rest
        guard pads else { return }
        for _ in rest..<3 {
          target[count] = UInt8(ascii: "=")
          count += 1
        }
      }
    }
    output.append(contentsOf: encoded)
  }

  /// The number of bytes that base64 or base64url text stands for, or nil if it is neither. Padding may be left out.
  static func decodedCount(_ text: String) -> Int? {
    var digits = text.utf8[...]
    while digits.last == UInt8(ascii: "="), text.utf8.count - digits.count < 2 { digits = digits.dropLast() }
    let isBase64 = digits.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard isBase64, digits.count % 4 != 1 else { return nil }
    return digits.count * 3 / 4
  }
}
