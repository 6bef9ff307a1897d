package import GRPCCore
package import Platform
package import Tokens

/// Operators: their log-in, permissions and audit log, and the run-time settings that they change.
package struct Manage: AdministeredModule {
  package var database: DatabaseProcessor
  package let gate: AdminGate
  let clock: WallClock
  let ids: IdentifierSource
  let tokens: TokenSigner
  let settings: SettingsStore
  /// Seals answers that contain a secret, so that a repeated idempotency key can return them.
  let answers: SecretSealer

  /// - Parameter answers: for the purpose of sealing answers alone.
  package init(
    database: DatabaseProcessor,
    gate: AdminGate,
    clock: WallClock,
    ids: IdentifierSource,
    tokens: TokenSigner,
    settings: SettingsStore,
    answers: SecretSealer
  ) {
    self.answers = answers
    self.database = database
    self.gate = gate
    self.clock = clock
    self.ids = ids
    self.tokens = tokens
    self.settings = settings
  }

  /// `helium.manage.v1`.
  package var services: [any RegistrableRPCService] {
    [AdminAuthRPC(manage: self), AdminRPC(manage: self), SettingsRPC(manage: self)]
  }

  package static let adminOperations: [any AdminOperation.Type] = [
    InviteAdmin.self, ListAdmins.self, ChangeAdminRole.self, DisableAdmin.self, EnableAdmin.self,
    CreateAPIKey.self, RotateAPIKey.self,
    ListAPIKeys.self, RevokeAPIKey.self, ListPermissions.self, ListAuditRows.self,
    ListSettings.self, GetSettings.self,
    UpdateSettings.self, ListSettingsVersions.self,
  ]

  /// What the gRPC edge asks of every call that carries an admin token.
  package var verifier: AdminVerifier {
    AdminVerifier { token in try await self.process(VerifyAdminToken(token: token)) }
  }
}
