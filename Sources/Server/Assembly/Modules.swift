import Auth
import GRPCCore
import HTTPEdge
import Hummingbird
import Mailer
import Manage
package import Manifest
package import Platform
import ServiceLifecycle
import Shop
import Telecom
import Tokens

/// The modules of one process, assembled from their manifests.
package struct Modules: Sendable {
  /// Every module, those first whose ports others ask for. A new module is one line here.
  package static let all: [any HeliumModule.Type] = [
    Manage.self,
    Auth.self,
    Telecom.self,
    Shop.self,
    Mailer.self,
    Housekeeping.self,
  ]

  package let settings: SettingsStore
  let ports: Ports
  private let modules: [any HeliumModule]

  package init(_ resources: Resources) async throws {
    let configuration = resources.configuration
    let sealer = SecretSealer(masterKey: configuration.masterKey, purpose: "settings")
    settings = SettingsStore(
      Self.all.compactMap { $0.settingsKind },
      database: resources.database,
      redis: resources.redis,
      sealer: SettingsSealer(
        seal: { sealer.seal($0, context: $1).bytes },
        open: { try sealer.open(SealedSecret(bytes: $0), context: $1) }
      ),
      logger: resources.logger
    )
    ports = Ports()
    let given = ModuleResources(
      database: resources.database,
      redis: resources.redis,
      clock: resources.clock,
      ids: resources.ids,
      settings: settings,
      masterKey: configuration.masterKey,
      tenant: configuration.tenant,
      ports: ports,
      permissions: try Self.permissions,
      smtpURL: configuration.smtpURL,
      logger: resources.logger
    )
    var modules: [any HeliumModule] = []
    for module in Self.all { modules.append(try await module.init(given)) }
    self.modules = modules
    ports.offer(AccountParts(of: modules))
  }

  /// The operations that are called over the wire, of all modules.
  package static var operations: [any CalledOperation.Type] { all.flatMap { $0.operations } }

  /// Which roles may do what, as the operations declare it.
  package static var permissions: PermissionTable {
    get throws { try PermissionTable(of: operations) }
  }

  /// The module of that type, for the commands that seed and inspect.
  package subscript<M: HeliumModule>(type: M.Type) -> M {
    guard let module = modules.lazy.compactMap({ $0 as? M }).first else {
      preconditionFailure("\(type) is not in the list of modules")
    }
    return module
  }

  /// The reactions to messages that one worker runs.
  package func hooks(of worker: WorkMode) -> [Hook] { hooks.filter { $0.worker == worker } }

  package var hooks: [Hook] { modules.flatMap { $0.hooks } }
  package var schedules: [CronEntry] { modules.flatMap { $0.schedules } }

  /// The RPCs of every module.
  var rpcServices: [any RegistrableRPCService] {
    modules.map { module in
      func service<M: HeliumModule>(of module: M) -> any RegistrableRPCService { module.rpcService }
      return service(of: module)
    }
  }

  /// What modules run beside a worker.
  func services(of worker: WorkMode) -> [any Service] {
    modules.flatMap { $0.services(of: worker) }
  }

  /// A router with the routes that modules have in a worker.
  func addRoutes(of worker: WorkMode, to router: Router<HTTPCall>) {
    for module in modules { module.addRoutes(of: worker, to: router) }
  }
}

extension Housekeeping: HeliumModule {
  package init(_ resources: ModuleResources) throws {
    self.init(database: resources.database, gate: try resources.gate, clock: resources.clock)
  }
}
