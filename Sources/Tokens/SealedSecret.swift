import FoundationEssentials

/// A secret as it is stored: encrypted and authenticated, and useless without the master key.
///
/// Its bytes are a key version (1 byte), a nonce (12), the ciphertext (as long as the secret) and a
/// tag (16).
package struct SealedSecret: Hashable, Sendable {
  /// The bytes to store.
  package let bytes: [UInt8]

  /// Takes stored bytes. Whether they are a secret shows when they are opened.
  package init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Takes the text form that JSON documents hold; nil where it isn't base64.
  package init?(base64: String) {
    guard let data = Data(base64Encoded: base64) else { return nil }
    bytes = Array(data)
  }

  /// The text form for JSON documents.
  package var base64: String { Data(bytes).base64EncodedString() }
}

/// Why a sealed secret couldn't be opened.
package enum SealedSecretError: Error, Hashable {
  /// Too short to be a sealed secret.
  case malformed
  /// Sealed by a key version that this sealer doesn't have.
  case unknownKeyVersion(UInt8)
  /// Changed since it was sealed, or sealed by another key, for another purpose or in another
  /// context.
  case notAuthentic
}
