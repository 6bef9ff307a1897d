import AuthProtos
import GRPCCore
import Platform
import RPCEdge
import SwiftProtobuf
import WireValues

extension SendRegistrationCode: RPC {
  static let method = Helium_Auth_V1_AuthService.Method.SendRegistrationCode.descriptor

  typealias Response = Helium_Auth_V1_SendRegistrationCodeResponse

  init(_ request: Helium_Auth_V1_SendRegistrationCodeRequest, by _: Anyone) throws {
    let language =
      request.language.isEmpty ? LanguageTag.english : try LanguageTag(request.language)
    self.init(email: try EmailAddress(request.email), language: language)
  }
}

extension RegisterAccount: RPC {
  static let method = Helium_Auth_V1_AuthService.Method.Register.descriptor

  init(_ request: Helium_Auth_V1_RegisterRequest, by _: Anyone) throws {
    let email = try EmailAddress(request.email)
    self.init(
      email: email,
      code: try RegistrationCode(request.code),
      password: try NewPassword(request.password, for: email)
    )
  }

  static func response(_ tokens: TokenPair) -> Helium_Auth_V1_RegisterResponse {
    .with { $0.tokens = .init(tokens) }
  }
}

extension LogIn: RPC {
  static let method = Helium_Auth_V1_AuthService.Method.LogIn.descriptor

  init(_ request: Helium_Auth_V1_LogInRequest, by _: Anyone) throws {
    self.init(
      email: try EmailAddress(request.email),
      password: try TypedPassword(request.password)
    )
  }

  static func response(_ tokens: TokenPair) -> Helium_Auth_V1_LogInResponse {
    .with { $0.tokens = .init(tokens) }
  }
}

extension RefreshSession: RPC {
  static let method = Helium_Auth_V1_AuthService.Method.RefreshSession.descriptor

  init(_ request: Helium_Auth_V1_RefreshSessionRequest, by _: Anyone) throws {
    guard !request.refreshToken.isEmpty else {
      throw InvalidInput("refresh_token", "must be a refresh token")
    }
    self.init(token: request.refreshToken)
  }

  static func response(_ tokens: TokenPair) -> Helium_Auth_V1_RefreshSessionResponse {
    .with { $0.tokens = .init(tokens) }
  }
}

extension LogOut: RPC {
  static let method = Helium_Auth_V1_AuthService.Method.LogOut.descriptor

  typealias Response = Helium_Auth_V1_LogOutResponse

  init(_ request: Helium_Auth_V1_LogOutRequest, by customer: Customer) throws {
    self.init(session: customer.session)
  }
}

extension ListSessions: RPC {
  static let method = Helium_Auth_V1_AuthService.Method.ListSessions.descriptor

  init(_ request: Helium_Auth_V1_ListSessionsRequest, by customer: Customer) throws {
    self.init(customer: customer)
  }

  static func response(_ sessions: [Item]) -> Helium_Auth_V1_ListSessionsResponse {
    .with { $0.sessions = sessions.map(Helium_Auth_V1_Session.init) }
  }
}

extension EndSession: RPC {
  static let method = Helium_Auth_V1_AuthService.Method.EndSession.descriptor

  typealias Response = Helium_Auth_V1_EndSessionResponse

  init(_ request: Helium_Auth_V1_EndSessionRequest, by customer: Customer) throws {
    self.init(id: try Session.ID(request.id, field: "id"), account: customer.id)
  }
}

extension EndOtherSessions: RPC {
  static let method = Helium_Auth_V1_AuthService.Method.EndOtherSessions.descriptor

  typealias Response = Helium_Auth_V1_EndOtherSessionsResponse

  init(_ request: Helium_Auth_V1_EndOtherSessionsRequest, by customer: Customer) throws {
    self.init(account: customer.id, kept: customer.session)
  }
}

extension ChangePassword: RPC {
  static let method = Helium_Auth_V1_AuthService.Method.ChangePassword.descriptor

  typealias Response = Helium_Auth_V1_ChangePasswordResponse

  init(_ request: Helium_Auth_V1_ChangePasswordRequest, by customer: Customer) throws {
    self.init(
      customer: customer,
      present: try TypedPassword(request.password),
      new: request.newPassword
    )
  }
}

extension Helium_Auth_V1_Session {
  init(_ item: ListSessions.Item) {
    self.init()
    id = item.id.description
    current = item.isCurrent
    if let at = item.session.openedAt { openTime = .init(at) }
    if let at = item.session.refreshedAt { refreshTime = .init(at) }
    remoteAddress = item.session.remoteAddress ?? ""
    userAgent = item.session.userAgent ?? ""
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
