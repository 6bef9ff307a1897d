import AuthProtos
import GRPCCore
import Platform
import SwiftProtobuf
import WireValues

/// Serves `helium.auth.v1.AuthService`.
struct AuthRPC: Helium_Auth_V1_AuthService.SimpleServiceProtocol {
  let auth: Auth

  func sendRegistrationCode(
    request: Helium_Auth_V1_SendRegistrationCodeRequest,
    context: ServerContext
  ) async throws -> Helium_Auth_V1_SendRegistrationCodeResponse {
    let language =
      request.language.isEmpty ? LanguageTag.english : try LanguageTag(request.language)
    try await auth.process(
      SendRegistrationCode(email: EmailAddress(request.email), language: language)
    )
    return .init()
  }

  func register(request: Helium_Auth_V1_RegisterRequest, context: ServerContext) async throws
    -> Helium_Auth_V1_RegisterResponse
  {
    let email = try EmailAddress(request.email)
    let tokens = try await auth.process(
      RegisterAccount(
        email: email,
        code: RegistrationCode(request.code),
        password: NewPassword(request.password, for: email)
      )
    )
    return .with { $0.tokens = .init(tokens) }
  }

  func logIn(request: Helium_Auth_V1_LogInRequest, context: ServerContext) async throws
    -> Helium_Auth_V1_LogInResponse
  {
    let tokens = try await auth.process(
      LogIn(email: EmailAddress(request.email), password: TypedPassword(request.password))
    )
    return .with { $0.tokens = .init(tokens) }
  }

  func refreshSession(
    request: Helium_Auth_V1_RefreshSessionRequest,
    context: ServerContext
  ) async throws -> Helium_Auth_V1_RefreshSessionResponse {
    guard !request.refreshToken.isEmpty else {
      throw InvalidInput("refresh_token", "must be a refresh token")
    }
    let tokens = try await auth.process(RefreshSession(token: request.refreshToken))
    return .with { $0.tokens = .init(tokens) }
  }

  func logOut(request: Helium_Auth_V1_LogOutRequest, context: ServerContext) async throws
    -> Helium_Auth_V1_LogOutResponse
  {
    try await auth.process(LogOut(session: Caller.account().session))
    return .init()
  }

  func listSessions(
    request: Helium_Auth_V1_ListSessionsRequest,
    context: ServerContext
  ) async throws -> Helium_Auth_V1_ListSessionsResponse {
    let customer = try Caller.account()
    let sessions = try await auth.process(ListSessions(account: customer.id))
    return .with {
      $0.sessions = sessions.map { .init($0.id, $0.session, isCurrent: $0.id == customer.session) }
    }
  }

  func endSession(request: Helium_Auth_V1_EndSessionRequest, context: ServerContext) async throws
    -> Helium_Auth_V1_EndSessionResponse
  {
    try await auth.process(
      EndSession(id: Session.ID(request.id, field: "id"), account: Caller.account().id)
    )
    return .init()
  }

  func endOtherSessions(
    request: Helium_Auth_V1_EndOtherSessionsRequest,
    context: ServerContext
  ) async throws -> Helium_Auth_V1_EndOtherSessionsResponse {
    let customer = try Caller.account()
    try await auth.process(EndOtherSessions(account: customer.id, kept: customer.session))
    return .init()
  }

  func changePassword(
    request: Helium_Auth_V1_ChangePasswordRequest,
    context: ServerContext
  ) async throws -> Helium_Auth_V1_ChangePasswordResponse {
    let change = ChangePassword(
      customer: try Caller.account(),
      present: try TypedPassword(request.password),
      new: request.newPassword
    )
    try await auth.process(change)
    return .init()
  }
}

extension Helium_Auth_V1_Session {
  init(_ id: Session.ID, _ session: LoginSession, isCurrent: Bool) {
    self.init()
    self.id = id.description
    current = isCurrent
    if let at = session.openedAt { openTime = .init(at) }
    if let at = session.refreshedAt { refreshTime = .init(at) }
    remoteAddress = session.remoteAddress ?? ""
    userAgent = session.userAgent ?? ""
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
