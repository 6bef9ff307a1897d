package import Auth
package import Mailer
package import Manage
package import Platform
package import Shop
package import Telecom
import Tokens

/// The modules, wired to each other through the ports of Contracts.
package struct Modules: Sendable {
  package let auth: Auth
  package let manage: Manage
  package let shop: Shop
  package let telecom: Telecom
  package let mailer: Mailer
  package let settings: SettingsStore
  private let housekeeping: Housekeeping

  package init(_ resources: Resources) async throws {
    let configuration = resources.configuration
    let (database, clock, ids) = (resources.database, resources.clock, resources.ids)
    let gate = AdminGate(permissions: .helium, audit: DatabaseAuditLog(clock: clock, ids: ids))
    func signer(_ purpose: TokenPurpose) async -> TokenSigner {
      await TokenSigner(
        masterKey: configuration.masterKey,
        purpose: purpose,
        issuer: configuration.tenant
      )
    }
    let settingsSealer = SecretSealer(masterKey: configuration.masterKey, purpose: "settings")
    settings = SettingsStore(
      [SettingsKind(ShopSettings.self), Telecom.settingsKind, Mailer.settingsKind],
      database: database,
      redis: resources.redis,
      sealer: SettingsSealer(
        seal: { settingsSealer.seal($0, context: $1).bytes },
        open: { try settingsSealer.open(SealedSecret(bytes: $0), context: $1) }
      ),
      logger: resources.logger
    )
    auth = Auth(
      database: database,
      gate: gate,
      clock: clock,
      ids: ids,
      redis: resources.redis,
      passwords: PasswordHasher(),
      accessTokens: await signer(.customerAccess),
      refreshTokens: await signer(.customerRefresh)
    )
    manage = Manage(
      database: database,
      gate: gate,
      clock: clock,
      ids: ids,
      tokens: await signer(.admin),
      settings: settings,
      answers: SecretSealer(masterKey: configuration.masterKey, purpose: "idempotent-answers")
    )
    telecom = Telecom(
      database: database,
      gate: gate,
      clock: clock,
      ids: ids,
      settings: settings.reader(),
      accounts: DatabaseAccountDirectory()
    )
    shop = Shop(
      database: database,
      gate: gate,
      clock: clock,
      ids: ids,
      packages: telecom,
      accounts: DatabaseAccountDirectory(),
      settings: settings.reader(),
      codeKey: configuration.masterKey.derive(purpose: "shop.gift_card", bytes: 32)
    )
    mailer = Mailer(
      database: database,
      clock: clock,
      settings: settings.reader(),
      defaultSMTPURL: configuration.smtpURL,
      logger: resources.logger
    )
    housekeeping = Housekeeping(database: database, clock: clock)
    let missing = PermissionTable.helium.missing(of: Self.adminOperations)
    guard missing.isEmpty else { throw MissingPermissions(permissions: missing) }
  }

  package static let adminOperations: [any AdminOperation.Type] =
    Auth.adminOperations + Manage.adminOperations + Shop.adminOperations + Telecom.adminOperations

  package var hooks: [Hook] { auth.hooks + shop.hooks + telecom.hooks }
  package var cronEntries: [CronEntry] {
    shop.cronEntries + mailer.cronEntries + telecom.cronEntries + housekeeping.cronEntries
  }
}

/// Admin operations without a row in the permission table: nobody could ever run them.
package struct MissingPermissions: Error, CustomStringConvertible {
  package let permissions: [Permission]

  package var description: String {
    "the permission table has no row for \(permissions.map(\.name).joined(separator: ", "))"
  }
}
