/// The purpose of a token. It selects the key and the audience, so that a token for one purpose is
/// worthless for another.
package struct TokenPurpose: Hashable, Sendable {
  /// Names the key: part of its derivation, so changing it ends every token.
  package let name: String
  /// The `aud` claim.
  package let audience: String

  /// A purpose of its own, beside those below.
  package init(name: String, audience: String) {
    self.name = name
    self.audience = audience
  }

  /// Customers' calls, for minutes.
  package static let customerAccess = TokenPurpose(
    name: "customer-access",
    audience: "helium.customer"
  )
  /// Renewing a customer's session, for weeks, once each.
  package static let customerRefresh = TokenPurpose(
    name: "customer-refresh",
    audience: "helium.customer.refresh"
  )
  /// Operators' calls, for minutes.
  package static let admin = TokenPurpose(name: "admin", audience: "helium.admin")
}
