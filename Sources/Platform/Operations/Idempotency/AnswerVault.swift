package import Crypto
import FoundationEssentials

/// Keeps what idempotency keys need: requests as HMACs, so that no password can be guessed from
/// them, and answers sealed, for some hold a secret that is stored nowhere else.
package struct AnswerVault: Sendable {
  private let requestKey: SymmetricKey
  private let sealBytes: @Sendable (_ answer: [UInt8], _ place: String) -> [UInt8]
  private let openBytes: @Sendable (_ sealed: [UInt8], _ place: String) throws -> [UInt8]

  /// - Parameters:
  ///   - requestKey: the key of the requests' HMACs.
  ///   - seal: encrypts and authenticates an answer for one place.
  package init(
    requestKey: SymmetricKey,
    seal: @escaping @Sendable (_ answer: [UInt8], _ place: String) -> [UInt8],
    open: @escaping @Sendable (_ sealed: [UInt8], _ place: String) throws -> [UInt8]
  ) {
    self.requestKey = requestKey
    sealBytes = seal
    openBytes = open
  }

  /// What stands for a request. Equal requests under different keys have nothing in common.
  func digest(of request: [UInt8], under key: IdempotencyKey) -> [UInt8] {
    var hmac = HMAC<SHA256>(key: requestKey)
    hmac.update(data: Array(key.place.utf8) + [0])
    hmac.update(data: request)
    return Array(hmac.finalize())
  }

  func seal(_ answer: [UInt8], under key: IdempotencyKey) -> [UInt8] {
    sealBytes(answer, key.place)
  }

  func open(_ sealed: [UInt8], under key: IdempotencyKey) throws(IdempotencyError) -> [UInt8] {
    do {
      return try openBytes(sealed, key.place)
    } catch {
      throw .answerLost
    }
  }
}
