import CLibpq
import Glibc

/// Data that OpenSSL has decrypted and libpq has not taken: the socket does not become readable for
/// it, so it has to be asked for.
enum TLSBuffer {
  /// `SSL_pending` of the OpenSSL that libpq itself has loaded; nil if it was built without.
  private static let pending: (@convention(c) (UnsafeMutableRawPointer) -> Int32)? = {
    guard let symbol = dlsym(nil, "SSL_pending") else { return nil }
    return unsafeBitCast(symbol, to: (@convention(c) (UnsafeMutableRawPointer) -> Int32).self)
  }()

  static func holdsData(_ handle: OpaquePointer) -> Bool {
    guard PQsslInUse(handle) == 1, let pending, let session = PQgetssl(handle) else { return false }
    return pending(session) > 0
  }
}
