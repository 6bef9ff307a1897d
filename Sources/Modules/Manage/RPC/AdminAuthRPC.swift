import GRPCCore
import ManageProtos
import Platform
import SwiftProtobuf
import WireValues

/// Serves `helium.manage.v1.AdminAuthService`.
struct AdminAuthRPC: Helium_Manage_V1_AdminAuthService.SimpleServiceProtocol {
  let manage: Manage

  func registerAdmin(
    request: Helium_Manage_V1_RegisterAdminRequest,
    context: ServerContext
  ) async throws -> Helium_Manage_V1_RegisterAdminResponse {
    guard !request.invitationToken.isEmpty else {
      throw InvalidInput("invitation_token", "must be the token of an invitation")
    }
    let admin = try await manage.process(
      RegisterAdmin(invitationToken: request.invitationToken, name: request.name)
    )
    return .with {
      $0.adminID = admin.id.description
      $0.apiKey = admin.apiKey
    }
  }

  func adminLogin(
    request: Helium_Manage_V1_AdminLoginRequest,
    context: ServerContext
  ) async throws -> Helium_Manage_V1_AdminLoginResponse {
    guard !request.apiKey.isEmpty else { throw InvalidInput("api_key", "must be an API key") }
    let token = try await manage.process(LogInAdmin(apiKey: request.apiKey))
    return .with {
      $0.accessToken = token.text
      $0.expireTime = Google_Protobuf_Timestamp(token.expiresAt)
    }
  }
}
