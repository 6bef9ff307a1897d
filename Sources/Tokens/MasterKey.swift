package import Crypto
import FoundationEssentials

/// The 32 random bytes that every signing and sealing key of an installation is derived from.
package struct MasterKey: Sendable, CustomStringConvertible {
  /// The length of the key in bytes: the full strength of HKDF-SHA256.
  package static let length = 32

  private let key: SymmetricKey

  /// Reads a key as its file holds it: base64 (RFC 4648 section 4), with surrounding white space
  /// ignored.
  package init(base64 text: String) throws(MasterKeyError) {
    let trimmed = String(
      text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()
    )
    guard let bytes = Data(base64Encoded: trimmed) else { throw .notBase64 }
    guard bytes.count == Self.length else { throw .wrongLength(bytes.count) }
    key = SymmetricKey(data: bytes)
  }

  /// Derives the key of one purpose by HKDF-SHA256 (RFC 5869), with no salt and the purpose as
  /// `info`.
  ///
  /// Keys of different purposes tell nothing about each other or about the master key. `bytes` is
  /// at most 8160, the limit of RFC 5869.
  package func derive(purpose: String, bytes: Int) -> SymmetricKey {
    HKDF<SHA256>.deriveKey(
      inputKeyMaterial: key,
      info: Data("helium/v1/\(purpose)".utf8),
      outputByteCount: bytes
    )
  }

  /// Never the key itself, so that a log line can't reveal it.
  package var description: String { "MasterKey" }
}

/// Why a text isn't a master key.
package enum MasterKeyError: Error, Hashable, CustomStringConvertible {
  case notBase64
  /// The decoded length in bytes.
  case wrongLength(Int)

  /// What is wrong and how to make a key.
  package var description: String {
    switch self {
    case .notBase64: "not base64; create a key with: head -c 32 /dev/urandom | base64"
    case .wrongLength(let count):
      "\(count) bytes instead of \(MasterKey.length); create a key with: head -c 32 /dev/urandom | base64"
    }
  }
}
