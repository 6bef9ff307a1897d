import GRPCCore
import Platform
import Protos
import SwiftProtobuf
import WireValues

/// Serves `helium.auth.v1.AuthService`.
struct AuthRPC: Helium_Auth_V1_AuthService.SimpleServiceProtocol {
  let auth: Auth

  func sendRegistrationCode(
    request: Helium_Auth_V1_SendRegistrationCodeRequest, context: ServerContext
  ) async throws -> Helium_Auth_V1_SendRegistrationCodeResponse {
    let language = request.language.isEmpty ? "en" : request.language
    try await auth.process(SendRegistrationCode(email: EmailAddress(request.email), language: language))
    return .init()
  }

  func register(request: Helium_Auth_V1_RegisterRequest, context: ServerContext) async throws -> Helium_Auth_V1_RegisterResponse {
    let tokens = try await auth.process(
      RegisterAccount(email: EmailAddress(request.email), code: request.code, password: NewPassword(request.password)))
    return .with { $0.tokens = .init(tokens) }
  }

  func logIn(request: Helium_Auth_V1_LogInRequest, context: ServerContext) async throws -> Helium_Auth_V1_LogInResponse {
    let tokens = try await auth.process(LogIn(email: EmailAddress(request.email), password: request.password))
    return .with { $0.tokens = .init(tokens) }
  }

  func refreshSession(
    request: Helium_Auth_V1_RefreshSessionRequest, context: ServerContext
  ) async throws -> Helium_Auth_V1_RefreshSessionResponse {
    let tokens = try await auth.process(RefreshSession(token: request.refreshToken))
    return .with { $0.tokens = .init(tokens) }
  }

  func logOut(request: Helium_Auth_V1_LogOutRequest, context: ServerContext) async throws -> Helium_Auth_V1_LogOutResponse {
    try await auth.process(LogOut(session: Caller.account().session))
    return .init()
  }
}

extension Helium_Auth_V1_Tokens {
  init(_ tokens: TokenPair) {
    self.init()
    accountID = tokens.account.description
    accessToken = tokens.access
    accessExpireTime = .init(tokens.accessExpiresAt)
    refreshToken = tokens.refresh
  }
}
