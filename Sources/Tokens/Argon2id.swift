import CSodium
import Glibc

/// Argon2id (RFC 9106) by libsodium, on the calling thread: tens of milliseconds and 19 MiB.
enum Argon2id {
  /// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
  static let memoryBytes = 19 * 1024 * 1024
  static let passes: UInt64 = 2

  private static let ready = sodium_init() >= 0

  /// A hash in the PHC string format: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`.
  static func hash(_ password: String) throws(PasswordHasherError) -> String {
    guard ready else { throw .unavailable }
    var text = [CChar](repeating: 0, count: Int(crypto_pwhash_strbytes()))
    let length = UInt64(password.utf8.count)
    guard crypto_pwhash_str(&text, password, length, passes, memoryBytes) == 0 else {
      throw .outOfMemory
    }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  static func verify(_ password: String, against hash: String) throws(PasswordHasherError) -> Bool {
    guard ready else { throw .unavailable }
    guard isWellFormed(hash) else { throw .malformedHash }
    errno = 0
    if crypto_pwhash_str_verify(hash, password, UInt64(password.utf8.count)) == 0 { return true }
    // libsodium tells a wrong password (EINVAL) from a failed allocation only by errno.
    guard errno == EINVAL else { throw .outOfMemory }
    return false
  }

  /// Whether a hash was made with costs other than today's; nil if it isn't an argon2id hash.
  static func needsRehash(_ hash: String) -> Bool? {
    guard hash.hasPrefix("$argon2id$"), hash.utf8.count < Int(crypto_pwhash_strbytes()) else {
      return nil
    }
    return switch crypto_pwhash_str_needs_rehash(hash, passes, memoryBytes) {
    case 0: false
    case 1: true
    default: nil
    }
  }

  private static func isWellFormed(_ hash: String) -> Bool { needsRehash(hash) != nil }
}
