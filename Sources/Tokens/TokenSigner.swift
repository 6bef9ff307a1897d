import FoundationEssentials
import JWTKit

/// Signs and verifies the JWTs (RFC 7519) of one purpose.
///
/// HS256 rather than a key pair: only processes that hold the master key issue or read these
/// tokens, and each request pays for a verification.
package struct TokenSigner: Sendable {
  /// How far the clocks of two machines may differ, in seconds.
  package static let clockSkew: Int64 = 60
  /// Ours have about 400 bytes; longer texts are refused unread.
  package static let maximumTokenBytes = 2048

  private static let algorithm = "HS256"

  private let keys: JWTKeyCollection
  private let purpose: TokenPurpose
  private let issuer: String

  /// Derives the purpose's key from the master key.
  package init(masterKey: MasterKey, purpose: TokenPurpose, issuer: String) async {
    let key = masterKey.derive(purpose: "token/\(purpose.name)", bytes: 32)
    keys = await JWTKeyCollection().add(hmac: HMACKey(key: key), digestAlgorithm: .sha256)
    self.purpose = purpose
    self.issuer = issuer
  }

  /// The token that carries these claims.
  package func sign(_ claims: TokenClaims) async throws -> String {
    try await keys.sign(TokenPayload(claims, issuer: issuer, audience: purpose.audience))
  }

  /// The claims of a token that was signed for this purpose and is valid at `now` (seconds since
  /// 1970 UTC).
  package func verify(_ token: String, now: Int64) async throws(TokenError) -> TokenClaims {
    guard token.utf8.count <= Self.maximumTokenBytes else { throw .malformed }
    try checkHeader(of: token)
    let payload = try await authenticated(token)
    guard payload.iss == issuer else { throw .wrongIssuer }
    guard payload.aud == purpose.audience else { throw .wrongAudience }
    guard now < payload.exp else { throw .expired }
    guard payload.iat <= now + Self.clockSkew else { throw .notYetValid }
    return payload.claims
  }

  /// The signature says nothing about how it was meant to be checked, so the header must name our
  /// algorithm and no extension.
  private func checkHeader(of token: String) throws(TokenError) {
    let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 3, let bytes = Base64URL.decode(parts[0]),
      parts.allSatisfy({ Base64URL.decode($0) != nil }),
      let header = try? JSONDecoder().decode(TokenHeader.self, from: Data(bytes))
    else { throw .malformed }
    guard header.alg == Self.algorithm else { throw .wrongAlgorithm }
    guard header.typ == nil || header.typ == "JWT", header.crit == nil else { throw .malformed }
  }

  private func authenticated(_ token: String) async throws(TokenError) -> TokenPayload {
    do {
      return try await keys.verify(token, as: TokenPayload.self)
    } catch let error as JWTError where error.errorType == .signatureVerificationFailed {
      throw .wrongSignature
    } catch {
      throw .malformed
    }
  }
}
