package import Contracts
package import GRPCCore
package import Platform
package import Redis
package import Tokens

/// Customers: how they register, log in and stay logged in.
package struct Auth: AdministeredModule {
  package var database: DatabaseProcessor
  package let gate: AdminGate
  let clock: WallClock
  let ids: IdentifierSource
  let redis: RedisClient
  let passwords: PasswordHasher
  let accessTokens: TokenSigner
  let refreshTokens: TokenSigner
  let limits: RateLimiter

  package init(
    database: DatabaseProcessor,
    gate: AdminGate,
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
    limits = RateLimiter(redis: redis, clock: clock)
  }

  /// `helium.auth.v1`.
  package var services: [any RegistrableRPCService] {
    [AuthRPC(auth: self), AccountAdminRPC(auth: self)]
  }

  package var hooks: [Hook] {
    [Hook(EndSessionsOfBanned(), named: "auth.end_sessions_of_banned", in: self)]
  }

  package static let adminOperations: [any AdminOperation.Type] = [
    ListAccounts.self, BanAccount.self, UnbanAccount.self,
  ]

  /// What the gRPC edge asks of every call that carries an access token.
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
}
