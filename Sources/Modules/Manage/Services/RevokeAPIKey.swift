import Platform

/// Revokes a key and all tokens issued for it. Operators may revoke their own keys, a SuperAdmin
/// anyone's.
struct RevokeAPIKey: AdminOperation {
  static let permission = Permission("manage.api_key.revoke", .everyone)

  let id: Identifier<APIKey>

  var target: AuditTarget { AuditTarget("api_key", id.description) }

  func perform(in manage: InTransaction<Manage>, as admin: Authorized<Self>) async throws {
    guard let row = try await manage.process(APIKey.Lock(id: id)), row.revokedAt == nil else {
      throw NotFound("apiKey")
    }
    guard row.adminID == admin.id || admin.role == .superAdmin else {
      throw PermissionDenied(permission: Self.permission)
    }
    try await manage.process(APIKey.Revoke(at: manage.clock.now, id: id))
  }
}
