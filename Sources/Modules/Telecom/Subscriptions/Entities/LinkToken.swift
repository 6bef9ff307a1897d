import Platform

/// What a subscription's link is known by: 32 random bytes. Whoever has it can use the
/// subscription.
package struct LinkToken: Hashable, Sendable {
  /// 256 bits: beyond guessing.
  package static let length = 32

  package let bytes: [UInt8]

  init(using ids: IdentifierSource) {
    bytes = ids.randomBytes(Self.length)
  }

  /// A stored token.
  init(stored bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Reads a token as it stands in a link; nil for anything that was never a token.
  package init?(_ text: String) {
    guard let bytes = [UInt8](base64URL: text), bytes.count == Self.length, bytes.base64URL == text
    else { return nil }
    self.bytes = bytes
  }

  /// 43 characters of base64url.
  package var text: String { bytes.base64URL }
}
