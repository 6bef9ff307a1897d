package import Manifest
package import Platform
package import RPCEdge
package import Tokens

/// Operators: their log-in, permissions and audit log, the run-time settings that they change, and
/// what they see and do of an account over all modules.
package struct Manage: HeliumModule {
  package static let name = "manage"

  package var database: DatabaseProcessor
  package let gate: CallGate
  let clock: WallClock
  let ids: IdentifierSource
  let tokens: TokenSigner
  let settings: SettingsStore
  /// What other modules know of accounts. They are made later, so it is asked at each call.
  let ports: Ports

  package init(
    database: DatabaseProcessor,
    gate: CallGate,
    clock: WallClock,
    ids: IdentifierSource,
    tokens: TokenSigner,
    settings: SettingsStore,
    ports: Ports
  ) {
    self.database = database
    self.gate = gate
    self.clock = clock
    self.ids = ids
    self.tokens = tokens
    self.settings = settings
    self.ports = ports
  }

  /// Offers the audit log, which every gate needs: this module is made first.
  package init(_ resources: ModuleResources) async throws {
    let audit = DatabaseAuditLog(clock: resources.clock, ids: resources.ids)
    resources.ports.offer(audit, as: (any AuditLog).self)
    self.init(
      database: resources.database,
      gate: try resources.gate,
      clock: resources.clock,
      ids: resources.ids,
      tokens: await resources.signer(.admin),
      settings: resources.settings,
      ports: resources.ports
    )
    resources.ports.offer(verifier)
  }

  /// `helium.manage.v1`.
  package static let calls: [ModuleCall<Manage>] = [
    .rpc(RegisterAdmin.self), .rpc(LogInAdmin.self),
    .rpc(InviteAdmin.self), .rpc(ListAdmins.self), .rpc(ChangeAdminRole.self),
    .rpc(DisableAdmin.self), .rpc(EnableAdmin.self),
    .rpc(CreateAPIKey.self), .rpc(RotateAPIKey.self), .rpc(ListAPIKeys.self),
    .rpc(RevokeAPIKey.self),
    .rpc(ListPermissions.self), .rpc(ListAuditRows.self),
    .rpc(ListSettings.self), .rpc(GetSettings.self), .rpc(UpdateSettings.self),
    .rpc(ListSettingsVersions.self),
    .rpc(InspectAccount.self), .rpc(ExportAccount.self), .rpc(EraseAccount.self),
  ]

  /// What the gRPC edge asks of every call that carries an admin token.
  package var verifier: AdminVerifier {
    AdminVerifier { token in try await self.process(VerifyAdminToken(token: token)) }
  }
}
