import ManageProtos
import Platform
import SwiftProtobuf
import WireValues

extension Role {
  init(_ role: Helium_Manage_V1_Role, field: String) throws(InvalidInput) {
    switch role {
    case .superAdmin: self = .superAdmin
    case .moderator: self = .moderator
    case .customerSupport: self = .customerSupport
    case .supportBot: self = .supportBot
    case .unspecified, .UNRECOGNIZED: throw InvalidInput(field, "must be one of the roles")
    }
  }
}

extension Helium_Manage_V1_Role {
  init(_ role: Role) {
    switch role {
    case .superAdmin: self = .superAdmin
    case .moderator: self = .moderator
    case .customerSupport: self = .customerSupport
    case .supportBot: self = .supportBot
    }
  }
}

extension Helium_Manage_V1_Admin {
  init(_ row: Administrator.List.Row) {
    self.init()
    id = row.id.description
    name = row.name
    role = Helium_Manage_V1_Role(row.role)
    disabled = row.disabled
    createTime = Google_Protobuf_Timestamp(row.createdAt)
    if let at = row.lastLoginAt { lastLoginTime = Google_Protobuf_Timestamp(at) }
  }
}

extension Helium_Manage_V1_ApiKey {
  init(_ key: APIKey) {
    self.init()
    id = key.id.description
    name = key.name
    createTime = Google_Protobuf_Timestamp(key.createdAt)
    if let at = key.expiresAt { expireTime = Google_Protobuf_Timestamp(at) }
    if let at = key.revokedAt { revokeTime = Google_Protobuf_Timestamp(at) }
    if let at = key.lastUsedAt { lastUseTime = Google_Protobuf_Timestamp(at) }
  }
}

extension Helium_Manage_V1_Permission {
  init(_ row: (key: String, value: Set<Role>)) {
    self.init()
    name = row.key
    roles = Role.allCases.filter(row.value.contains).map(Helium_Manage_V1_Role.init)
  }
}

extension Helium_Manage_V1_AuditEntry {
  init(_ row: AuditRow) {
    self.init()
    id = row.id.description
    time = Google_Protobuf_Timestamp(row.at)
    adminID = row.admin.description
    role = Helium_Manage_V1_Role(row.role)
    operation = row.operation
    targetKind = row.target.kind
    targetID = row.target.id
    detail = row.detail
    outcome =
      switch row.outcome {
      case .succeeded: .succeeded
      case .denied: .denied
      case .failed: .failed
      case .begun: .begun
      }
    remoteAddress = row.remoteAddress
    requestID = row.requestID
  }
}
