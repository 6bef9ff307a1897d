import GRPCCore
import ManageProtos
import Platform
import SwiftProtobuf
import WireValues

/// Serves `helium.manage.v1.AdminService`.
struct AdminRPC: Helium_Manage_V1_AdminService.SimpleServiceProtocol {
  let manage: Manage

  func inviteAdmin(
    request: Helium_Manage_V1_InviteAdminRequest,
    context: ServerContext
  ) async throws -> Helium_Manage_V1_InviteAdminResponse {
    let invitation = try await manage.process(
      InviteAdmin(role: Role(request.role, field: "role")),
      as: Caller.admin()
    )
    return .with {
      $0.invitationToken = invitation.token
      $0.expireTime = Google_Protobuf_Timestamp(invitation.expiresAt)
    }
  }

  func listAdmins(
    request: Helium_Manage_V1_ListAdminsRequest,
    context: ServerContext
  ) async throws -> Helium_Manage_V1_ListAdminsResponse {
    let page = try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    let admins = try await manage.process(ListAdmins(page: page), as: Caller.admin())
    return .with {
      $0.admins = admins.items.map(Helium_Manage_V1_Admin.init)
      $0.nextPageToken = admins.nextToken
    }
  }

  func changeAdminRole(
    request: Helium_Manage_V1_ChangeAdminRoleRequest,
    context: ServerContext
  ) async throws -> Helium_Manage_V1_ChangeAdminRoleResponse {
    let change = ChangeAdminRole(
      id: try Admin.ID(request.id, field: "id"),
      role: try Role(request.role, field: "role")
    )
    try await manage.process(change, as: Caller.admin())
    return .init()
  }

  func disableAdmin(
    request: Helium_Manage_V1_DisableAdminRequest,
    context: ServerContext
  ) async throws -> Helium_Manage_V1_DisableAdminResponse {
    try await manage.process(
      DisableAdmin(id: Admin.ID(request.id, field: "id")),
      as: Caller.admin()
    )
    return .init()
  }

  func enableAdmin(
    request: Helium_Manage_V1_EnableAdminRequest,
    context: ServerContext
  ) async throws -> Helium_Manage_V1_EnableAdminResponse {
    try await manage.process(EnableAdmin(id: Admin.ID(request.id, field: "id")), as: Caller.admin())
    return .init()
  }

  func rotateApiKey(
    request: Helium_Manage_V1_RotateApiKeyRequest,
    context: ServerContext
  ) async throws -> Helium_Manage_V1_RotateApiKeyResponse {
    let rotate = RotateAPIKey(
      id: try Identifier(request.id, field: "id"),
      expiresAt: request.hasExpireTime ? try Instant(request.expireTime, field: "expire_time") : nil
    )
    let issued = try await manage.process(rotate, as: Caller.admin())
    return .with {
      $0.apiKey = Helium_Manage_V1_ApiKey(issued.key)
      $0.secret = issued.secret
    }
  }

  func createApiKey(
    request: Helium_Manage_V1_CreateApiKeyRequest,
    context: ServerContext
  ) async throws -> Helium_Manage_V1_CreateApiKeyResponse {
    let expiresAt =
      request.hasExpireTime ? try Instant(request.expireTime, field: "expire_time") : nil
    let issued = try await manage.process(
      CreateAPIKey(name: request.name, expiresAt: expiresAt),
      as: Caller.admin()
    )
    return .with {
      $0.apiKey = Helium_Manage_V1_ApiKey(issued.key)
      $0.secret = issued.secret
    }
  }

  func listApiKeys(
    request: Helium_Manage_V1_ListApiKeysRequest,
    context: ServerContext
  ) async throws -> Helium_Manage_V1_ListApiKeysResponse {
    let admin = try Caller.admin()
    let owner =
      request.adminID.isEmpty ? admin.id : try Admin.ID(request.adminID, field: "admin_id")
    let page = try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    let keys = try await manage.process(ListAPIKeys(owner: owner, page: page), as: admin)
    return .with {
      $0.apiKeys = keys.items.map(Helium_Manage_V1_ApiKey.init)
      $0.nextPageToken = keys.nextToken
    }
  }

  func revokeApiKey(
    request: Helium_Manage_V1_RevokeApiKeyRequest,
    context: ServerContext
  ) async throws -> Helium_Manage_V1_RevokeApiKeyResponse {
    try await manage.process(
      RevokeAPIKey(id: Identifier(request.id, field: "id")),
      as: Caller.admin()
    )
    return .init()
  }

  func listPermissions(
    request: Helium_Manage_V1_ListPermissionsRequest,
    context: ServerContext
  ) async throws -> Helium_Manage_V1_ListPermissionsResponse {
    let table = try await manage.process(ListPermissions(), as: Caller.admin())
    return .with {
      $0.permissions = table.rows.sorted { $0.key.name < $1.key.name }.map(
        Helium_Manage_V1_Permission.init
      )
    }
  }

  func listAuditLog(
    request: Helium_Manage_V1_ListAuditLogRequest,
    context: ServerContext
  ) async throws -> Helium_Manage_V1_ListAuditLogResponse {
    let rows = try await manage.process(ListAuditRows(request), as: Caller.admin())
    return .with {
      $0.entries = rows.items.map(Helium_Manage_V1_AuditEntry.init)
      $0.nextPageToken = rows.nextToken
    }
  }
}
