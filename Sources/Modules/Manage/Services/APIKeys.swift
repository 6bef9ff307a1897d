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

  private struct Request: Encodable {
    let name: String
    let expiresAt: Instant?
  }

  package func perform(in manage: Manage, as admin: Authorized<Self>) async throws -> IssuedAPIKey {
    let key = try idempotencyKey(of: admin)
    return try await manage.transaction { manage, transaction in
      let request = Request(name: name.text, expiresAt: expiresAt)
      return try await transaction.secretly(
        key,
        request: request,
        sealing: manage.answers,
        at: manage.clock.now
      ) {
        try await manage.issueKey(to: admin.admin.id, named: name.text, until: expiresAt)
      }
    }
  }
}

/// Replaces one of the caller's keys with a new one. The old key and all tokens issued for it stop
/// working.
struct RotateAPIKey: AdminOperation {
  static let permission = Permission("manage.api_key.rotate")

  let id: Identifier<APIKey>
  /// Nil: the old key's expiry.
  let expiresAt: Instant?

  private struct Request: Encodable {
    let id: Identifier<APIKey>
    let expiresAt: Instant?
  }

  var target: AuditTarget { AuditTarget("api_key", id.description) }

  func perform(in manage: Manage, as admin: Authorized<Self>) async throws -> IssuedAPIKey {
    let key = try idempotencyKey(of: admin)
    return try await manage.transaction { manage, transaction in
      let request = Request(id: id, expiresAt: expiresAt)
      return try await transaction.secretly(
        key,
        request: request,
        sealing: manage.answers,
        at: manage.clock.now
      ) {
        try await rotate(for: admin.admin, in: manage, transaction)
      }
    }
  }

  private func rotate(for admin: Admin, in manage: Manage, _ transaction: Transaction) async throws
    -> IssuedAPIKey
  {
    let now = manage.clock.now
    guard let row = try await transaction.process(APIKey.Lock(id: id)), row.adminID == admin.id,
      APIKey.isValid(at: now, expiresAt: row.expiresAt, revokedAt: row.revokedAt)
    else { throw NotFound("apiKey") }
    try await transaction.process(APIKey.Revoke(at: now, id: id))
    return try await manage.issueKey(
      to: row.adminID,
      named: row.name,
      until: expiresAt ?? row.expiresAt
    )
  }
}

/// A new key, with its secret, which is only seen here.
package struct IssuedAPIKey: Codable, Sendable {
  let key: APIKey
  package let secret: String
}

/// The keys of an operator. Other operators' keys need a further permission.
struct ListAPIKeys: AdminOperation {
  static let permission = Permission("manage.api_key.list")

  let owner: Admin.ID
  let page: PageRequest

  var target: AuditTarget { AuditTarget("admin", owner.description) }

  func perform(in manage: Manage, as admin: Authorized<Self>) async throws -> Page<APIKey> {
    guard owner == admin.admin.id || [.superAdmin, .moderator].contains(admin.admin.role) else {
      throw PermissionDenied(permission: Self.permission)
    }
    let after: Identifier<APIKey> = try page.cursor() ?? .first
    let rows = try await manage.database.process(
      APIKey.List(adminID: owner, after: after, rowLimit: Int32(page.size + 1))
    )
    return try Page(rows.map(APIKey.init), page) { $0.id }
  }
}

/// Revokes a key and all tokens issued for it. Operators may revoke their own keys, a SuperAdmin
/// anyone's.
struct RevokeAPIKey: AdminOperation {
  static let permission = Permission("manage.api_key.revoke")

  let id: Identifier<APIKey>

  var target: AuditTarget { AuditTarget("api_key", id.description) }

  func perform(in manage: Manage, as admin: Authorized<Self>) async throws {
    try await manage.transaction { manage, transaction in
      guard let row = try await transaction.process(APIKey.Lock(id: id)), row.revokedAt == nil
      else {
        throw NotFound("apiKey")
      }
      guard row.adminID == admin.admin.id || admin.admin.role == .superAdmin else {
        throw PermissionDenied(permission: Self.permission)
      }
      try await transaction.process(APIKey.Revoke(at: manage.clock.now, id: id))
    }
  }
}

extension Manage {
  fileprivate func issueKey(to owner: Admin.ID, named name: String, until expiresAt: Instant?)
    async throws -> IssuedAPIKey
  {
    let now = clock.now
    if let expiresAt, expiresAt <= now {
      throw InvalidInput("expire_time", "must be in the future")
    }
    let secret = newToken()
    let key = APIKey(
      id: ids.next(),
      admin: owner,
      name: name,
      createdAt: now,
      expiresAt: expiresAt,
      revokedAt: nil,
      lastUsedAt: nil
    )
    try await database.process(
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
