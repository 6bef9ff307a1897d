package import FoundationEssentials

/// What a token says about its holder. Times are seconds since 1970 UTC, the `NumericDate` of RFC
/// 7519.
package struct TokenClaims: Hashable, Sendable {
  /// `sub`: the account or operator.
  package let subject: UUID
  /// `sid`: the session that the token belongs to.
  package let session: UUID?
  /// `role`: the operator's role.
  package let role: String?
  /// `iat`.
  package let issuedAt: Int64
  /// `exp`: the first second at which the token is no longer valid.
  package let expiresAt: Int64
  /// `jti`: this token's own id.
  package let identifier: UUID

  package init(
    subject: UUID,
    session: UUID? = nil,
    role: String? = nil,
    issuedAt: Int64,
    expiresAt: Int64,
    identifier: UUID
  ) {
    self.subject = subject
    self.session = session
    self.role = role
    self.issuedAt = issuedAt
    self.expiresAt = expiresAt
    self.identifier = identifier
  }
}

/// Why a token was refused.
package enum TokenError: Error, Hashable {
  /// Not a JWT of ours: too long, not three parts of base64url, or claims missing or of a wrong
  /// type.
  case malformed
  /// Another algorithm than the one this purpose signs with, `none` among them.
  case wrongAlgorithm
  /// Signed by another key, or changed since.
  case wrongSignature
  case wrongIssuer
  case wrongAudience
  case expired
  /// Issued further in the future than clocks may differ.
  case notYetValid
}
