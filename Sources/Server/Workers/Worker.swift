import AMQP
import Auth
import GRPCCore
import Hummingbird
import HummingbirdTLS
package import Logging
import Mailer
import Manage
import NIOCore
import NIOSSL
import Platform
package import Prometheus
import ServiceLifecycle
import Shop
import Telecom
import UnixSignals

/// A process of Helium: checks its dependencies, runs the services of its mode, and drains on SIGTERM.
package enum Worker {
  /// Runs until a signal asks it to stop.
  package static func run(_ configuration: ServerConfiguration, metrics: PrometheusRegistry, logger: Logger) async throws {
    if let fault = configuration.fault { FaultPoint.arm(fault) }
    let resources = Resources(configuration, metrics: metrics, logger: logger)
    let modules = try await Modules(resources)
    do {
      try await checkDependencies(resources)
      try await modules.settings.refresh()
    } catch {
      await resources.close()
      throw error
    }
    let readiness = resources.readiness
    var services: [any Service] = [resources.pool, resources.redis, resources.broker, resources.signal, modules.settings]
    let healthAddress = ListenAddress(host: configuration.healthHost, port: configuration.healthPort)
    services.append(
      try http(HealthServer.router(readiness: readiness, metrics: metrics), on: healthAddress, tls: nil, "health", logger))
    var health: HealthRegistry?
    for worker in configuration.mode.workers {
      services += try await Self.services(of: worker, resources, modules, &health)
    }
    services.append(DrainService(readiness: readiness, health: health))
    var group = ServiceGroupConfiguration(
      services: services.map { .init(service: $0) }, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    group.maximumGracefulShutdownDuration = configuration.grace
    logger.info("worker \(configuration.mode.rawValue) starts")
    try await ServiceGroup(configuration: group).run()
    await modules.mailer.close()
    await resources.close()
  }

  /// A dependency that isn't there, or isn't this tenant's, stops the start with its name.
  private static func checkDependencies(_ resources: Resources) async throws {
    let report = await resources.readiness.report()
    guard report.isReady else {
      let failures = report.failures.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }.joined(separator: "\n")
      throw DependencyFailure(description: "a dependency can't be reached:\n\(failures)")
    }
    guard try await resources.database.isMigrated() else {
      throw DependencyFailure(description: "the database has no schema: run `helium migrate`")
    }
    try await resources.database.claimInstallation(for: resources.configuration.tenant, at: resources.clock.now)
  }

  /// Why a worker didn't start.
  struct DependencyFailure: Error, CustomStringConvertible {
    let description: String
  }

  private static func services(
    of worker: WorkMode, _ resources: Resources, _ modules: Modules, _ health: inout HealthRegistry?
  ) async throws -> [any Service] {
    let configuration = resources.configuration
    let logger = resources.logger
    switch worker {
    case .grpc:
      let served = modules.auth.services + modules.manage.services + modules.shop.services + modules.telecom.services
      let registry = HealthRegistry(services: [])
      registry.setAll(.serving)
      health = registry
      let interceptor = CallInterceptor(
        customers: modules.auth.verifier, admins: modules.manage.verifier, proxies: configuration.trustedProxies, ids: resources.ids)
      return [
        GRPCServerService(
          configuration.grpcListen, tls: configuration.tls, services: served + [HealthRPC(registry)] + (try Reflection.services()),
          interceptor: interceptor, logger: logger)
      ]
    case .subscribeAPI:
      let router = Router()
      router.add(middleware: HTTPFailures(ids: resources.ids))
      let recorder = modules.telecom.fetchRecorder(logger: logger)
      modules.telecom.addSubscribeRoutes(to: router, recording: recorder)
      return [recorder, try http(router, on: configuration.subscribeListen, tls: configuration.tls, "subscriptions", logger)]
    case .nodeAPI:
      let router = Router()
      router.add(middleware: HTTPFailures(ids: resources.ids))
      modules.telecom.addNodeRoutes(to: router, redis: resources.redis)
      return [try http(router, on: configuration.nodeListen, tls: configuration.tls, "node agents", logger)]
    case .consumer:
      // The mailer's queue too, so that its jobs have a place before it first starts.
      try await resources.broker.declare(.helium(hooks: modules.hooks + modules.mailer.hooks))
      let relay = OutboxRelay(
        pool: resources.pool, broker: resources.broker, tenant: configuration.tenant, worker: worker.rawValue, logger: logger)
      return [relay, modules.telecom.trafficMerger(logger: logger)] + consumers(of: modules.hooks, resources)
    case .cronExecutor:
      let name = "\(worker.rawValue)-\(resources.ids.next(CronScheduler.self))"
      return [
        CronScheduler(
          entries: modules.cronEntries, database: resources.database, worker: name, clock: resources.clock, logger: logger)
      ]
    case .webhookAPI:
      return [try http(Router(), on: configuration.webhookListen, tls: configuration.tls, "webhooks", logger)]
    case .mailer:
      try await resources.broker.declare(.helium(hooks: modules.mailer.hooks))
      return consumers(of: modules.mailer.hooks, resources)
    case .all:
      return []
    }
  }

  private static func consumers(of hooks: [Hook], _ resources: Resources) -> [any Service] {
    hooks.map { hook in
      MessageConsumer(
        hook: hook, pool: resources.pool, signal: resources.signal, broker: resources.broker, tenant: resources.configuration.tenant,
        clock: resources.clock, logger: resources.logger)
    }
  }

  private static func http(
    _ router: Router<BasicRequestContext>, on address: ListenAddress, tls: ServerConfiguration.TLSFiles?, _ purpose: String,
    _ logger: Logger
  ) throws -> any Service {
    let configuration = ApplicationConfiguration(address: .hostname(address.host, port: address.port), serverName: "helium")
    let announce: @Sendable (any NIOCore.Channel) async -> Void = { channel in
      logger.info("serving \(purpose) on \(channel.localAddress?.description ?? address.description)")
    }
    guard let tls else {
      return Application(router: router, configuration: configuration, onServerRunning: announce, logger: logger)
    }
    let secure = TLSConfiguration.makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMFile(tls.certificate).map { .certificate($0) },
      privateKey: .privateKey(try NIOSSLPrivateKey(file: tls.key, format: .pem)))
    return Application(
      router: router, server: try .tls(.http1(), tlsConfiguration: secure), configuration: configuration, onServerRunning: announce,
      logger: logger)
  }
}
