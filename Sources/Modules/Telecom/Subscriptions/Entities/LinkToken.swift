import Platform

/// The secret part of a subscription's link: 32 random bytes. Anyone who has it can use the
/// subscription.
package struct LinkToken: Hashable, Sendable {
  /// 256 bits can't be guessed.
  package static let length = 32

  package let bytes: [UInt8]

  init(using ids: IdentifierSource) {
    bytes = ids.randomBytes(Self.length)
  }

  /// A stored token.
  init(stored bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Parses a token from a link; nil if it can't be one.
  package init?(_ text: String) {
    guard let bytes = [UInt8](base64URL: text), bytes.count == Self.length, bytes.base64URL == text
    else { return nil }
    self.bytes = bytes
  }

  /// 43 characters of base64url.
  package var text: String { bytes.base64URL }
}
