import AMQP
import GRPCCore
import HTTPEdge
import Hummingbird
package import Logging
import Manifest
import Platform
package import Prometheus
import ServiceLifecycle
import UnixSignals

/// A process of Helium: checks its dependencies, runs the services of its mode, and drains on
/// SIGTERM.
package enum Worker {
  /// Runs until a signal asks it to stop.
  package static func run(
    _ configuration: ServerConfiguration,
    metrics: PrometheusRegistry,
    logger: Logger
  ) async throws {
    if let fault = configuration.fault { FaultPoint.arm(fault) }
    MetricDescriptions.describe(in: metrics)
    let certificate = try configuration.tls.map { try CertificateFiles($0, logger: logger) }
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
    var services: [any Service] = [
      resources.pool, resources.redis, resources.broker, resources.signal, modules.settings,
    ]
    if let certificate { services.append(certificate) }
    services.append(
      try HTTPServer(
        HealthServer.router(readiness: readiness, metrics: metrics),
        on: ListenAddress(host: configuration.healthHost, port: configuration.healthPort),
        variable: "HEALTH_CHECK_PORT",
        certificate: nil,
        purpose: "health",
        logger: logger
      )
    )
    var health: HealthRegistry?
    for worker in configuration.mode.workers {
      services += modules.services(of: worker)
      services += try await Self.services(of: worker, resources, modules, certificate, &health)
    }
    services.append(StartupCode())
    services.append(DrainService(readiness: readiness, health: health))
    var group = ServiceGroupConfiguration(
      services: services.map { .init(service: $0) },
      gracefulShutdownSignals: [.sigterm, .sigint],
      logger: logger
    )
    group.maximumGracefulShutdownDuration = configuration.grace
    logger.info("worker \(configuration.mode.rawValue) starts")
    try await ServiceGroup(configuration: group).run()
    await resources.close()
  }

  /// Which variable says where each dependency is.
  private static let variables = [
    "database": "DATABASE_URL", "redis": "REDIS_URL", "rabbitmq": "MQ_URL",
  ]

  /// If a dependency is unreachable or belongs to another tenant, the worker doesn't start, and
  /// names it.
  private static func checkDependencies(_ resources: Resources) async throws {
    let report = await resources.readiness.report()
    guard report.isReady else {
      let failures = report.failures.sorted { $0.key < $1.key }.map { name, reason in
        "\(name) can't be reached (\(reason)): check \(variables[name] ?? "")"
      }
      throw DependencyFailure(description: failures.joined(separator: "\n"))
    }
    guard try await resources.database.isMigrated() else {
      throw DependencyFailure(description: "the database has no schema: run `helium migrate`")
    }
    try await resources.database.claimInstallation(
      for: resources.configuration.tenant,
      at: resources.clock.now
    )
  }

  /// Why a worker didn't start.
  struct DependencyFailure: Error, CustomStringConvertible {
    let description: String
  }

  private static func services(
    of worker: WorkMode,
    _ resources: Resources,
    _ modules: Modules,
    _ certificate: CertificateFiles?,
    _ health: inout HealthRegistry?
  ) async throws -> [any Service] {
    let configuration = resources.configuration
    let logger = resources.logger
    func http(
      _ address: ListenAddress,
      _ variable: String,
      _ purpose: String
    ) throws -> any Service {
      let router = router(resources)
      modules.addRoutes(of: worker, to: router)
      return try HTTPServer(
        router,
        on: address,
        variable: variable,
        certificate: certificate,
        purpose: purpose,
        logger: logger
      )
    }
    switch worker {
    case .grpc:
      let served = modules.rpcServices
      let registry = HealthRegistry(services: GRPCServerService.names(of: served))
      // Every dependency has just been checked.
      registry.setAll(.serving)
      health = registry
      let interceptor = CallInterceptor(
        customers: try modules.ports.take(CustomerVerifier.self),
        admins: try modules.ports.take(AdminVerifier.self),
        proxies: configuration.trustedProxies,
        ids: resources.ids
      )
      return [
        HealthMonitor(readiness: resources.readiness, registry: registry),
        try GRPCServerService(
          configuration.grpcListen,
          certificate: certificate,
          services: served + [HealthRPC(registry)] + (try Reflection.services()),
          interceptor: interceptor,
          logger: logger
        ),
      ]
    case .subscribeAPI:
      return [
        try http(configuration.subscribeListen, "SUBSCRIBE_API_LISTEN", "subscriptions")
      ]
    case .nodeAPI:
      return [try http(configuration.nodeListen, "NODE_API_LISTEN", "node agents")]
    case .webhookAPI:
      return [try http(configuration.webhookListen, "WEBHOOK_API_LISTEN", "webhooks")]
    case .consumer:
      // All queues, so that jobs of other workers have a place before those first start.
      try await resources.broker.declare(.helium(hooks: modules.hooks))
      let relay = OutboxRelay(
        pool: resources.pool,
        broker: resources.broker,
        tenant: configuration.tenant,
        worker: worker.rawValue,
        logger: logger
      )
      let hooks = modules.hooks(of: worker)
      let queues = hooks.map(\.queue) + [ExchangeName.deadLetters]
      return [relay] + consumers(of: hooks, measuring: queues, measuresOutbox: true, resources)
    case .mailer:
      let hooks = modules.hooks(of: worker)
      try await resources.broker.declare(.helium(hooks: hooks))
      return consumers(
        of: hooks,
        measuring: hooks.map(\.queue),
        measuresOutbox: false,
        resources
      )
    case .cronExecutor:
      let name = "\(worker.rawValue)-\(resources.ids.next(CronScheduler.self))"
      return [
        CronScheduler(
          entries: modules.schedules,
          database: resources.database,
          worker: name,
          clock: resources.clock,
          logger: logger
        )
      ]
    case .all:
      return []
    }
  }

  private static func router(_ resources: Resources) -> Router<HTTPCall> {
    let router = Router(context: HTTPCall.self)
    router.add(
      middleware: HTTPEdge(proxies: resources.configuration.trustedProxies, ids: resources.ids)
    )
    router.add(middleware: HTTPFailures(ids: resources.ids))
    return router
  }

  private static func consumers(
    of hooks: [Hook],
    measuring queues: [String],
    measuresOutbox: Bool,
    _ resources: Resources
  ) -> [any Service] {
    let monitor = QueueMonitor(
      queues: queues,
      measuresOutbox: measuresOutbox,
      broker: resources.broker,
      database: resources.database,
      clock: resources.clock,
      logger: resources.logger
    )
    return [monitor]
      + hooks.map { hook in
        MessageConsumer(
          hook: hook,
          pool: resources.pool,
          signal: resources.signal,
          broker: resources.broker,
          tenant: resources.configuration.tenant,
          clock: resources.clock,
          logger: resources.logger,
          monitor: monitor,
          slots: resources.slots
        )
      }
  }
}
