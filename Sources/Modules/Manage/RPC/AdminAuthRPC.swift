package import GRPCCore
package import ManageProtos
package import Platform
import RPCEdge
import SwiftProtobuf
import WireValues

extension RegisterAdmin: RPC {
  static let method = Helium_Manage_V1_AdminAuthService.Method.RegisterAdmin.descriptor

  init(_ request: Helium_Manage_V1_RegisterAdminRequest, by _: Anyone) throws {
    guard !request.invitationToken.isEmpty else {
      throw InvalidInput("invitation_token", "must be the token of an invitation")
    }
    try self.init(invitationToken: request.invitationToken, name: request.name)
  }

  static func response(_ admin: RegisteredAdmin) -> Helium_Manage_V1_RegisterAdminResponse {
    .with {
      $0.adminID = admin.id.description
      $0.apiKey = admin.apiKey
    }
  }
}

extension LogInAdmin: RPC {
  package static let method = Helium_Manage_V1_AdminAuthService.Method.AdminLogin.descriptor

  package init(_ request: Helium_Manage_V1_AdminLoginRequest, by _: Anyone) throws {
    guard !request.apiKey.isEmpty else { throw InvalidInput("api_key", "must be an API key") }
    self.init(apiKey: request.apiKey)
  }

  package static func response(_ token: AdminToken) -> Helium_Manage_V1_AdminLoginResponse {
    .with {
      $0.accessToken = token.text
      $0.expireTime = Google_Protobuf_Timestamp(token.expiresAt)
    }
  }
}
