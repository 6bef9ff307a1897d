package import Crypto
import FoundationEssentials

/// A random bearer secret (magic link, API key, refresh family) that the database knows only by its
/// digest.
package struct OpaqueToken: Sendable, CustomStringConvertible {
  /// 256 bits can't be guessed, so a plain hash of the token is safe to store.
  package static let length = 32

  private let bytes: [UInt8]

  /// Makes a new token. The generator must be cryptographically secure;
  /// `SystemRandomNumberGenerator` is.
  package init(using generator: inout some RandomNumberGenerator) {
    bytes = (0..<Self.length).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
  }

  /// Parses a token that its holder presents; nil if it can't be one.
  package init?(_ text: String) {
    guard text.utf8.count <= 64, let bytes = Base64URL.decode(text.utf8), bytes.count == Self.length
    else { return nil }
    self.bytes = bytes
  }

  /// The token as its holder gets it, once: 43 characters of base64url.
  package var text: String { Base64URL.encode(bytes) }

  /// What is stored and looked up in place of the token: its SHA-256.
  package var digest: [UInt8] { Array(SHA256.hash(data: bytes)) }

  /// What is stored instead of the token if a stolen database must not even confirm a known token:
  /// its HMAC-SHA256.
  package func digest(keyedBy key: SymmetricKey) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: bytes, using: key))
  }

  /// Never the token itself, so that a log line can't reveal it.
  package var description: String { "OpaqueToken" }
}
