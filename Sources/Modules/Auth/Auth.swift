package import Contracts
package import Manifest
package import Platform
package import RPCEdge
package import Redis
package import Tokens

/// Customers: how they register, log in and stay logged in.
package struct Auth: HeliumModule {
  package static let name = "auth"

  package var database: DatabaseProcessor
  package let gate: CallGate
  let clock: WallClock
  let ids: IdentifierSource
  let redis: RedisClient
  let passwords: PasswordHasher
  let accessTokens: TokenSigner
  let refreshTokens: TokenSigner

  package init(
    database: DatabaseProcessor,
    gate: CallGate,
    clock: WallClock,
    ids: IdentifierSource,
    redis: RedisClient,
    passwords: PasswordHasher,
    accessTokens: TokenSigner,
    refreshTokens: TokenSigner
  ) {
    self.database = database
    self.gate = gate
    self.clock = clock
    self.ids = ids
    self.redis = redis
    self.passwords = passwords
    self.accessTokens = accessTokens
    self.refreshTokens = refreshTokens
  }

  package init(_ resources: ModuleResources) async throws {
    self.init(
      database: resources.database,
      gate: try resources.gate,
      clock: resources.clock,
      ids: resources.ids,
      redis: resources.redis,
      passwords: PasswordHasher(),
      accessTokens: await resources.signer(.customerAccess),
      refreshTokens: await resources.signer(.customerRefresh)
    )
    resources.ports.offer(DatabaseAccountDirectory(), as: (any AccountDirectory).self)
    resources.ports.offer(verifier)
  }

  /// `helium.auth.v1`.
  package static let calls: [ModuleCall<Auth>] = [
    .rpc(SendRegistrationCode.self), .rpc(RegisterAccount.self), .rpc(LogIn.self),
    .rpc(RefreshSession.self), .rpc(LogOut.self), .rpc(ListSessions.self), .rpc(EndSession.self),
    .rpc(EndOtherSessions.self), .rpc(ChangePassword.self),
    .rpc(ListAccounts.self), .rpc(BanAccount.self), .rpc(UnbanAccount.self),
  ]

  package var hooks: [Hook] {
    [Hook(EndSessionsOfBanned(), named: "auth.end_sessions_of_banned", in: self)]
  }

  package var accountPart: (any AccountPart)? { AuthAccountPart(redis: redis) }

  /// What the edge asks of every call that carries an access token.
  package var verifier: CustomerVerifier {
    CustomerVerifier { token in try await self.process(VerifyAccessToken(token: token)) }
  }
}

/// Answers other modules' questions about accounts.
package struct DatabaseAccountDirectory: AccountDirectory {
  package init() {}

  package func standing(of account: Account.ID, in database: DatabaseProcessor) async throws
    -> AccountStanding?
  {
    try await database.process(Account.Find(id: account)).map {
      AccountStanding(isBanned: $0.isBanned)
    }
  }

  package func email(of account: Account.ID, in database: DatabaseProcessor) async throws -> String?
  {
    try await database.process(Account.Find(id: account))?.email
  }
}
