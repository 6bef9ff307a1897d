import Contracts
import Logging
import Manifest
import Platform
import Redis
import TestKit
import Tokens
import WorldKit

@testable import Auth

/// An Auth with a database and a Redis of its own.
struct AuthWorld: Sendable {
  let world: World
  let auth: Auth
  let audit: RecordingAuditLog
  let email: EmailAddress

  static let password = "correct horse"

  /// Asks for a code and takes it from the mail.
  func sendCode(to email: EmailAddress? = nil) async throws -> String? {
    let before = try await world.published(SendMail.self).count
    try await auth.process(
      SendRegistrationCode(email: email ?? self.email, language: .english),
      as: Anyone()
    )
    return try await world.published(SendMail.self).dropFirst(before).first?.variables["code"]
  }

  func register(_ email: EmailAddress? = nil) async throws -> TokenPair {
    let code = try RegistrationCode(try await sendCode(to: email) ?? "")
    return try await auth.process(
      RegisterAccount(email: email ?? self.email, code: code, password: NewPassword(Self.password)),
      as: Anyone()
    )
  }

  func logIn(password: String = Self.password) async throws -> TokenPair {
    try await auth.process(LogIn(email: email, password: TypedPassword(password)), as: Anyone())
  }

  func verify(_ tokens: TokenPair) async throws -> Customer {
    try await auth.verifier(tokens.access)
  }

  func refresh(_ tokens: TokenPair) async throws -> TokenPair {
    try await auth.process(RefreshSession(token: tokens.refresh), as: Anyone())
  }

  /// Runs `body` as a call that comes from `address`.
  func call<R: Sendable>(
    as caller: Caller = .anonymous,
    from address: String = "",
    _ body: () async throws -> R
  ) async throws -> R {
    try await RequestContext.$current.withValue(
      RequestContext(requestID: "test", caller: caller, remoteAddress: address),
      operation: body
    )
  }
}

func withAuth(_ body: (AuthWorld) async throws -> Void) async throws {
  try await withWorld { world in
    try await withTestRedis { server in
      var logger = Logger(label: "test")
      logger.logLevel = .critical
      var configuration = try RedisConfiguration(url: server.url)
      // A loaded machine must not fail a test.
      configuration.commandTimeout = .seconds(60)
      let redis = RedisClient(configuration: configuration, logger: logger)
      let key = try MasterKey(base64: "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=")
      let audit = RecordingAuditLog()
      let passwords = PasswordHasher()
      let auth = Auth(
        database: world.database,
        gate: world.gate(
          of: Auth.operations,
          audit: audit,
          limits: RateLimiter(redis: redis, clock: world.clock.clock)
        ),
        clock: world.clock.clock,
        ids: world.ids,
        redis: redis,
        passwords: passwords,
        accessTokens: await TokenSigner(masterKey: key, purpose: .customerAccess, issuer: "test"),
        refreshTokens: await TokenSigner(masterKey: key, purpose: .customerRefresh, issuer: "test")
      )
      do {
        try await body(
          AuthWorld(world: world, auth: auth, audit: audit, email: EmailAddress("anna@example.org"))
        )
      } catch {
        await passwords.shutdown()
        await redis.close()
        throw error
      }
      await passwords.shutdown()
      await redis.close()
    }
  }
}
