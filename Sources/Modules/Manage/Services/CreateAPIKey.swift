import Platform
import Tokens

/// Makes another key for the calling operator.
struct CreateAPIKey: AdminOperation {
  static let permission = Permission("manage.api_key.create", .everyone)
  static let repeats = Repeats.firstAnswer

  let name: AdminLabel
  let expiresAt: Instant?

  init(name: String, expiresAt: Instant?) throws {
    self.name = try AdminLabel(name, field: "name")
    self.expiresAt = expiresAt
  }

  var target: AuditTarget { AuditTarget("api_key", name.text) }

  func perform(
    in manage: InTransaction<Manage>,
    as admin: Authorized<Self>
  ) async throws -> IssuedAPIKey {
    try await manage.issueKey(to: admin.id, named: name.text, until: expiresAt)
  }
}

/// A new key, with its secret, which is only seen here.
struct IssuedAPIKey: Sendable {
  let key: APIKey
  let secret: String
}

extension InTransaction<Manage> {
  func issueKey(
    to owner: Admin.ID,
    named name: String,
    until expiresAt: Instant?
  ) async throws -> IssuedAPIKey {
    let now = module.clock.now
    if let expiresAt, expiresAt <= now {
      throw InvalidInput("expire_time", "must be in the future")
    }
    let secret = module.newToken()
    let key = APIKey(
      id: module.ids.next(),
      admin: owner,
      name: name,
      createdAt: now,
      expiresAt: expiresAt,
      revokedAt: nil,
      lastUsedAt: nil
    )
    try await process(
      APIKey.Insert(
        id: key.id,
        adminID: owner,
        name: name,
        keyHash: secret.digest,
        createdAt: now,
        expiresAt: expiresAt
      )
    )
    return IssuedAPIKey(key: key, secret: secret.text)
  }
}
