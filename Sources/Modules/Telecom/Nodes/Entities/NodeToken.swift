import Crypto
import Platform

/// The token with which a node's agent authenticates. It is shown once; only its hash is stored.
package struct NodeToken: Hashable, Sendable, CustomStringConvertible {
  /// 256 bits can't be guessed, so a plain hash of the token is safe to store.
  private static let length = 32

  package let text: String

  init(using ids: IdentifierSource) {
    text = ids.randomBytes(Self.length).base64URL
  }

  /// The token that an agent sent, whatever it is.
  package init(sent text: String) {
    self.text = text
  }

  /// What is stored and looked up: the SHA-256 of the text.
  package var hash: [UInt8] { [UInt8](SHA256.hash(data: [UInt8](text.utf8))) }

  /// Whether its hash is that one; takes the same time wherever the two differ.
  func matches(_ other: [UInt8]) -> Bool {
    let hash = hash
    return hash.count == other.count
      && zip(hash, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }

  /// Never the token itself, so that a log line can't reveal it.
  package var description: String { "NodeToken" }
}
