/// Base64 (RFC 4648) into a buffer of bytes.
package struct Base64: Sendable, Hashable {
  /// The characters of each 12 bits, the first in the low byte: two look-ups for three bytes.
  private let pairs: [UInt16]
  private let pads: Bool

  /// Section 4: `+` and `/`, padded.
  static let standard = Base64(
    alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
    pads: true
  )
  /// Section 5: `-` and `_`, without padding.
  static let url = Base64(
    alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
    pads: false
  )

  private init(alphabet: String, pads: Bool) {
    let digits = alphabet.utf8.map(UInt16.init)
    pairs = (0..<4096).map { digits[$0 >> 6] | digits[$0 & 63] << 8 }
    self.pads = pads
  }

  /// There are two, and they differ in their padding.
  package static func == (one: Base64, other: Base64) -> Bool { one.pads == other.pads }

  package func hash(into hasher: inout Hasher) { hasher.combine(pads) }

  /// The number of characters that `count` bytes become, with padding.
  package static func encodedCount(_ count: Int) -> Int { (count + 2) / 3 * 4 }

  /// The number of characters that `count` bytes become.
  func encodedCount(_ count: Int) -> Int { pads ? Self.encodedCount(count) : (count * 4 + 2) / 3 }

  func append(_ bytes: some Collection<UInt8>, to output: inout [UInt8]) {
    let start = output.count
    output.append(contentsOf: bytes)
    encode(from: start, in: &output)
  }

  /// Puts the encoding of the last bytes in their place: from their end on, for it is longer than
  /// they are.
  func encode(from start: Int, in output: inout [UInt8]) {
    let count = output.count - start
    output.append(contentsOf: repeatElement(UInt8(ascii: "="), count: encodedCount(count) - count))
    output.withUnsafeMutableBytes { output in
      pairs.withUnsafeBufferPointer { pairs in
        let groups = count / 3
        let rest = count % 3
        if rest > 0 {
          let (source, target) = (start + groups * 3, start + groups * 4)
          let bits = Int(output[source]) << 16 | (rest == 2 ? Int(output[source + 1]) << 8 : 0)
          output.storeBytes(
            of: pairs[bits >> 12].littleEndian,
            toByteOffset: target,
            as: UInt16.self
          )
          if rest == 2 { output[target + 2] = UInt8(truncatingIfNeeded: pairs[bits & 0xFFF]) }
          if pads {
            for padding in (target + rest + 1)..<(target + 4) {
              output[padding] = UInt8(ascii: "=")
            }
          }
        }
        for group in (0..<groups).reversed() {
          let (source, target) = (start + group * 3, start + group * 4)
          let bits =
            Int(output[source]) << 16 | Int(output[source + 1]) << 8 | Int(output[source + 2])
          output.storeBytes(
            of: pairs[bits >> 12].littleEndian,
            toByteOffset: target,
            as: UInt16.self
          )
          output.storeBytes(
            of: pairs[bits & 0xFFF].littleEndian,
            toByteOffset: target + 2,
            as: UInt16.self
          )
        }
      }
    }
  }

  /// The number of bytes that base64 or base64url text stands for, or nil if it is neither. Padding
  /// may be left out.
  package static func decodedCount(_ text: String) -> Int? {
    var digits = text.utf8[...]
    while digits.last == UInt8(ascii: "="), text.utf8.count - digits.count < 2 {
      digits = digits.dropLast()
    }
    let isBase64 = digits.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard isBase64, digits.count % 4 != 1 else { return nil }
    return digits.count * 3 / 4
  }
}
