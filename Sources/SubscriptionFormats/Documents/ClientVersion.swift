/// A program's version: up to three numbers.
package struct ClientVersion: Sendable, Hashable, Comparable {
  package var major: Int
  package var minor: Int
  package var patch: Int

  package init(_ major: Int, _ minor: Int, _ patch: Int = 0) {
    self.major = major
    self.minor = minor
    self.patch = patch
  }

  package static func < (left: ClientVersion, right: ClientVersion) -> Bool {
    (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
  }
}

extension ClientVersion {
  /// Numbers longer than this are not versions; it also keeps them within Int.
  private static let longestNumber = 9

  /// The version behind the first `product` in a User-Agent: `product/1.2.3`, `product 1.2`,
  /// `product v1.2.3-beta`.
  ///
  /// Both are lower-case text. At least two numbers make a version, and one is enough for a build.
  init?(of product: String, in userAgent: String, fewestNumbers: Int = 2) {
    guard let end = userAgent.utf8.firstRange(of: product.utf8)?.upperBound else { return nil }
    var rest = userAgent.utf8[end...]
    guard let separator = rest.popFirst(),
      separator == UInt8(ascii: "/") || separator == UInt8(ascii: " ")
    else { return nil }
    if rest.first == UInt8(ascii: "v") { rest = rest.dropFirst() }
    var numbers: [Int] = []
    while numbers.count < 3 {
      let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      guard !digits.isEmpty, digits.count <= Self.longestNumber else { break }
      numbers.append(digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) })
      rest = rest[digits.endIndex...]
      guard rest.first == UInt8(ascii: ".") else { break }
      rest = rest.dropFirst()
    }
    guard numbers.count >= fewestNumbers else { return nil }
    self.init(numbers[0], numbers.count > 1 ? numbers[1] : 0, numbers.count > 2 ? numbers[2] : 0)
  }
}
