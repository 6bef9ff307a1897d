import Platform

/// The keys of an operator. Only a SuperAdmin or Moderator may list another operator's keys.
struct ListAPIKeys: AdminOperation {
  static let permission = Permission("manage.api_key.list", .everyone)

  let owner: Admin.ID
  let page: PageRequest

  var target: AuditTarget { AuditTarget("admin", owner.description) }

  func perform(in manage: Manage, as admin: Authorized<Self>) async throws -> Page<APIKey> {
    guard owner == admin.id || Set<Role>.moderators.contains(admin.role) else {
      throw PermissionDenied(permission: Self.permission)
    }
    let after: Identifier<APIKey> = try page.cursor() ?? .first
    let rows = try await manage.process(
      APIKey.List(adminID: owner, after: after, rowLimit: Int32(page.size + 1))
    )
    return try Page(rows.map(APIKey.init), page) { $0.id }
  }
}
