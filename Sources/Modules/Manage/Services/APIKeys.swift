package import Platform
import Tokens

/// Makes another key for the calling operator.
package struct CreateAPIKey: AdminOperation {
  package static let permission = Permission("manage.api_key.create")

  let name: AdminLabel
  let expiresAt: Instant?

  init(name: String, expiresAt: Instant?) throws {
    self.name = try AdminLabel(name, field: "name")
    self.expiresAt = expiresAt
  }

  package var target: AuditTarget { AuditTarget("api_key", name.text) }

  package func perform(in manage: Manage, as admin: Authorized<Self>) async throws -> IssuedAPIKey {
    let now = manage.clock.now
    if let expiresAt, expiresAt <= now { throw InvalidInput("expire_time", "must be in the future") }
    let secret = manage.newToken()
    let key = APIKey(
      id: manage.ids.next(), admin: admin.admin.id, name: name.text, createdAt: now, expiresAt: expiresAt, revokedAt: nil, lastUsedAt: nil)
    try await manage.database.process(
      InsertAPIKey(id: key.id, adminId: key.admin, name: key.name, keyHash: secret.digest, createdAt: now, expiresAt: expiresAt))
    return IssuedAPIKey(key: key, secret: secret.text)
  }
}

/// A new key: the only time its secret is seen.
package struct IssuedAPIKey: Sendable {
  let key: APIKey
  package let secret: String
}

/// The keys of an operator.
struct ListAPIKeys: AdminOperation {
  static let permission = Permission("manage.api_key.list")

  let owner: Admin.ID
  let page: PageRequest

  var target: AuditTarget { AuditTarget("admin", owner.description) }

  func perform(in manage: Manage, as admin: Authorized<Self>) async throws -> Page<APIKey> {
    let after: Identifier<APIKey> = try page.cursor() ?? .first
    let rows = try await manage.database.process(SelectAPIKeys(adminId: owner, after: after, rowLimit: Int32(page.size + 1)))
    return try Page(rows.map(APIKey.init), page) { $0.id }
  }
}

/// Ends a key and every token that came from it.
struct RevokeAPIKey: AdminOperation {
  static let permission = Permission("manage.api_key.revoke")

  let id: Identifier<APIKey>

  var target: AuditTarget { AuditTarget("api_key", id.description) }

  func perform(in manage: Manage, as admin: Authorized<Self>) async throws {
    let revoked = try await manage.database.process(RevokeAPIKeyRow(at: manage.clock.now, id: id))
    guard revoked == 1 else { throw NotFound("apiKey") }
  }
}
