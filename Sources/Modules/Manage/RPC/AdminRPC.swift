import GRPCCore
import ManageProtos
import Platform
import RPCEdge
import SwiftProtobuf
import WireValues

extension InviteAdmin: RPC {
  static let method = Helium_Manage_V1_AdminService.Method.InviteAdmin.descriptor

  init(_ request: Helium_Manage_V1_InviteAdminRequest, by _: Admin) throws {
    self.init(role: try Role(request.role, field: "role"))
  }

  static func response(_ invitation: IssuedInvitation) -> Helium_Manage_V1_InviteAdminResponse {
    .with {
      $0.invitationToken = invitation.token
      $0.expireTime = Google_Protobuf_Timestamp(invitation.expiresAt)
    }
  }
}

extension ListAdmins: RPC {
  static let method = Helium_Manage_V1_AdminService.Method.ListAdmins.descriptor

  init(_ request: Helium_Manage_V1_ListAdminsRequest, by _: Admin) throws {
    self.init(page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken))
  }

  static func response(
    _ admins: Page<Administrator.List.Row>
  ) -> Helium_Manage_V1_ListAdminsResponse {
    .with {
      $0.admins = admins.items.map(Helium_Manage_V1_Admin.init)
      $0.nextPageToken = admins.nextToken
    }
  }
}

extension ChangeAdminRole: RPC {
  static let method = Helium_Manage_V1_AdminService.Method.ChangeAdminRole.descriptor

  typealias Response = Helium_Manage_V1_ChangeAdminRoleResponse

  init(_ request: Helium_Manage_V1_ChangeAdminRoleRequest, by _: Admin) throws {
    self.init(
      id: try Admin.ID(request.id, field: "id"),
      role: try Role(request.role, field: "role")
    )
  }
}

extension DisableAdmin: RPC {
  static let method = Helium_Manage_V1_AdminService.Method.DisableAdmin.descriptor

  typealias Response = Helium_Manage_V1_DisableAdminResponse

  init(_ request: Helium_Manage_V1_DisableAdminRequest, by _: Admin) throws {
    self.init(id: try Admin.ID(request.id, field: "id"))
  }
}

extension EnableAdmin: RPC {
  static let method = Helium_Manage_V1_AdminService.Method.EnableAdmin.descriptor

  typealias Response = Helium_Manage_V1_EnableAdminResponse

  init(_ request: Helium_Manage_V1_EnableAdminRequest, by _: Admin) throws {
    self.init(id: try Admin.ID(request.id, field: "id"))
  }
}

extension RotateAPIKey: RPC {
  static let method = Helium_Manage_V1_AdminService.Method.RotateApiKey.descriptor

  init(_ request: Helium_Manage_V1_RotateApiKeyRequest, by _: Admin) throws {
    try self.init(
      id: Identifier(request.id, field: "id"),
      expiresAt: request.hasExpireTime ? Instant(request.expireTime, field: "expire_time") : nil
    )
  }

  static func response(_ issued: IssuedAPIKey) -> Helium_Manage_V1_RotateApiKeyResponse {
    .with {
      $0.apiKey = Helium_Manage_V1_ApiKey(issued.key)
      $0.secret = issued.secret
    }
  }
}

extension CreateAPIKey: RPC {
  static let method = Helium_Manage_V1_AdminService.Method.CreateApiKey.descriptor

  init(_ request: Helium_Manage_V1_CreateApiKeyRequest, by _: Admin) throws {
    try self.init(
      name: request.name,
      expiresAt: request.hasExpireTime ? Instant(request.expireTime, field: "expire_time") : nil
    )
  }

  static func response(_ issued: IssuedAPIKey) -> Helium_Manage_V1_CreateApiKeyResponse {
    .with {
      $0.apiKey = Helium_Manage_V1_ApiKey(issued.key)
      $0.secret = issued.secret
    }
  }
}

extension ListAPIKeys: RPC {
  static let method = Helium_Manage_V1_AdminService.Method.ListApiKeys.descriptor

  init(_ request: Helium_Manage_V1_ListApiKeysRequest, by admin: Admin) throws {
    self.init(
      owner: request.adminID.isEmpty ? admin.id : try Admin.ID(request.adminID, field: "admin_id"),
      page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
  }

  static func response(_ keys: Page<APIKey>) -> Helium_Manage_V1_ListApiKeysResponse {
    .with {
      $0.apiKeys = keys.items.map(Helium_Manage_V1_ApiKey.init)
      $0.nextPageToken = keys.nextToken
    }
  }
}

extension RevokeAPIKey: RPC {
  static let method = Helium_Manage_V1_AdminService.Method.RevokeApiKey.descriptor

  typealias Response = Helium_Manage_V1_RevokeApiKeyResponse

  init(_ request: Helium_Manage_V1_RevokeApiKeyRequest, by _: Admin) throws {
    self.init(id: try Identifier(request.id, field: "id"))
  }
}

extension ListPermissions: RPC {
  static let method = Helium_Manage_V1_AdminService.Method.ListPermissions.descriptor

  init(_ request: Helium_Manage_V1_ListPermissionsRequest, by _: Admin) {
    self.init()
  }

  static func response(_ table: PermissionTable) -> Helium_Manage_V1_ListPermissionsResponse {
    .with {
      $0.permissions = table.rows.sorted { $0.key < $1.key }.map(Helium_Manage_V1_Permission.init)
    }
  }
}

extension ListAuditRows: RPC {
  static let method = Helium_Manage_V1_AdminService.Method.ListAuditLog.descriptor

  init(_ request: Helium_Manage_V1_ListAuditLogRequest, by _: Admin) throws {
    func label(_ text: String, field: String) throws(InvalidInput) -> String? {
      text.isEmpty ? nil : try AdminLabel(text, field: field).text
    }
    try self.init(
      by: request.adminID.isEmpty ? nil : Admin.ID(request.adminID, field: "admin_id"),
      operation: label(request.operation, field: "operation"),
      targetKind: label(request.targetKind, field: "target_kind"),
      targetID: label(request.targetID, field: "target_id"),
      from: request.hasFromTime ? Instant(request.fromTime, field: "from_time") : nil,
      until: request.hasUntilTime ? Instant(request.untilTime, field: "until_time") : nil,
      page: PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
  }

  static func response(_ rows: Page<AuditRow>) -> Helium_Manage_V1_ListAuditLogResponse {
    .with {
      $0.entries = rows.items.map(Helium_Manage_V1_AuditEntry.init)
      $0.nextPageToken = rows.nextToken
    }
  }
}
