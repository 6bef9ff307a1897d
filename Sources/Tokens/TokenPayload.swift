import FoundationEssentials
import JWTKit

/// The claims set as it is encoded.
struct TokenPayload: JWTPayload {
  let iss: String
  let aud: String
  let sub: UUID
  let sid: UUID?
  let role: String?
  let iat: Int64
  let exp: Int64
  let jti: UUID

  /// Nothing here: the signer checks the claims afterwards, against the time it is given.
  func verify(using algorithm: some JWTAlgorithm) async throws {}
}

extension TokenPayload {
  init(_ claims: TokenClaims, issuer: String, audience: String) {
    iss = issuer
    aud = audience
    sub = claims.subject
    sid = claims.session
    role = claims.role
    iat = claims.issuedAt
    exp = claims.expiresAt
    jti = claims.identifier
  }

  var claims: TokenClaims {
    TokenClaims(
      subject: sub,
      session: sid,
      role: role,
      issuedAt: iat,
      expiresAt: exp,
      identifier: jti
    )
  }
}

/// The header fields that decide how a token is read (RFC 7515 section 4.1).
struct TokenHeader: Decodable {
  let alg: String
  let typ: String?
  let crit: [String]?
}
