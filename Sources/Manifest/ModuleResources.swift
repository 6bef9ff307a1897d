package import Logging
package import Platform
package import Redis
package import Tokens

/// What the server gives every module to be made of.
package struct ModuleResources: Sendable {
  package let database: DatabaseProcessor
  package let redis: RedisClient
  package let clock: WallClock
  package let ids: IdentifierSource
  package let settings: SettingsStore
  /// What each module derives its own keys from.
  package let masterKey: MasterKey
  /// Who issues the tokens of this installation.
  package let tenant: String
  package let ports: Ports
  package let permissions: PermissionTable
  /// The mail server of the environment, for where the settings name none.
  package let smtpURL: String?
  package let logger: Logger

  package init(
    database: DatabaseProcessor,
    redis: RedisClient,
    clock: WallClock,
    ids: IdentifierSource,
    settings: SettingsStore,
    masterKey: MasterKey,
    tenant: String,
    ports: Ports,
    permissions: PermissionTable,
    smtpURL: String?,
    logger: Logger
  ) {
    self.database = database
    self.redis = redis
    self.clock = clock
    self.ids = ids
    self.settings = settings
    self.masterKey = masterKey
    self.tenant = tenant
    self.ports = ports
    self.permissions = permissions
    self.smtpURL = smtpURL
    self.logger = logger
  }

  /// What stands before a module's operations. Manage offers the audit log, so it is made first.
  package var gate: CallGate {
    get throws {
      let sealer = SecretSealer(masterKey: masterKey, purpose: "idempotent-answers")
      return CallGate(
        permissions: permissions,
        audit: try ports.take((any AuditLog).self),
        limits: RateLimiter(redis: redis, clock: clock),
        answers: AnswerVault(
          requestKey: masterKey.derive(purpose: "idempotent-requests", bytes: 32),
          seal: { sealer.seal($0, context: $1).bytes },
          open: { try sealer.open(SealedSecret(bytes: $0), context: $1) }
        ),
        clock: clock
      )
    }
  }

  /// Signs and verifies tokens of one purpose.
  package func signer(_ purpose: TokenPurpose) async -> TokenSigner {
    await TokenSigner(masterKey: masterKey, purpose: purpose, issuer: tenant)
  }
}
