package import HTTPEdge
package import Hummingbird
package import Platform
package import RPCEdge
package import ServiceLifecycle

/// A module as the server assembles it: its manifest, which says all that it offers.
///
/// `Server` knows a module by this alone. Each part has a default, so a module names what it has.
package protocol HeliumModule: Module {
  /// Its RPCs. From their operations come the permission table and the reference of the API.
  static var calls: [ModuleCall<Self>] { get }
  /// The document of settings that operators may change; nil: it has none.
  static var settingsKind: SettingsKind? { get }

  /// Takes what it needs, and offers its ports. Ports of other modules are asked for in
  /// `resources`, so a module comes after those that it asks.
  init(_ resources: ModuleResources) async throws

  /// Its reactions to messages.
  var hooks: [Hook] { get }
  /// Its scheduled work.
  var schedules: [CronEntry] { get }
  /// What it keeps of an account; nil: nothing.
  var accountPart: (any AccountPart)? { get }

  /// What else runs in a worker for as long as the worker does. Services start in their order, before
  /// the worker takes messages or requests, and stop after it.
  func services(of worker: WorkMode) -> [any Service]

  /// Adds its routes to the HTTP server of a worker.
  func addRoutes(of worker: WorkMode, to router: Router<HTTPCall>)
}

extension HeliumModule {
  package static var calls: [ModuleCall<Self>] { [] }
  package static var settingsKind: SettingsKind? { nil }
  package var hooks: [Hook] { [] }
  package var schedules: [CronEntry] { [] }
  package var accountPart: (any AccountPart)? { nil }

  package func services(of worker: WorkMode) -> [any Service] { [] }
  package func addRoutes(of worker: WorkMode, to router: Router<HTTPCall>) {}

  /// The operations that are called over the wire.
  package static var operations: [any CalledOperation.Type] { calls.map(\.operation) }

  /// Its RPCs, ready to be registered.
  package var rpcService: ModuleService<Self> { ModuleService(self, Self.calls) }
}
