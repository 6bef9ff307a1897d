import Crypto
import FoundationEssentials

/// Seals secrets of one purpose with AES-256-GCM under a key of that purpose, derived from the
/// master key.
///
/// Nonces are random: one purpose may seal 2^32 secrets (NIST SP 800-38D section 8.3) before its
/// key must change.
package struct SecretSealer: Sendable {
  /// The version of the derivation. Another master key or cipher gets the next one, and `open`
  /// keeps the old ones readable.
  private static let keyVersion: UInt8 = 1
  private static let nonceLength = 12
  private static let tagLength = 16

  private let key: SymmetricKey
  private let purpose: String

  /// A sealer for one purpose, for example `totp` or `smtp-password`.
  package init(masterKey: MasterKey, purpose: String) {
    key = masterKey.derive(purpose: "seal/\(purpose)", bytes: 32)
    self.purpose = purpose
  }

  /// Encrypts a secret. `context` names its place, such as the row's id, so that it can't be moved
  /// to another one; it isn't stored.
  package func seal(_ secret: [UInt8], context: String = "") -> SealedSecret {
    do {
      let box = try AES.GCM.seal(
        secret,
        using: key,
        authenticating: associatedData(context: context)
      )
      return SealedSecret(bytes: [Self.keyVersion] + box.nonce + box.ciphertext + box.tag)
    } catch {
      // AES-GCM refuses only keys of a wrong size and messages over 64 GB.
      preconditionFailure("AES-GCM refused a 256-bit key: \(error)")
    }
  }

  /// Decrypts a secret that was sealed for the same purpose and context.
  package func open(_ sealed: SealedSecret, context: String = "") throws(SealedSecretError)
    -> [UInt8]
  {
    guard let version = sealed.bytes.first,
      sealed.bytes.count >= 1 + Self.nonceLength + Self.tagLength
    else { throw .malformed }
    guard version == Self.keyVersion else { throw .unknownKeyVersion(version) }
    do {
      let box = try AES.GCM.SealedBox(combined: sealed.bytes.dropFirst())
      return Array(
        try AES.GCM.open(box, using: key, authenticating: associatedData(context: context))
      )
    } catch {
      throw .notAuthentic
    }
  }

  /// Unambiguous, because a purpose is a word of the source and holds no zero byte.
  private func associatedData(context: String) -> [UInt8] {
    [Self.keyVersion] + Array(purpose.utf8) + [0] + Array(context.utf8)
  }
}
