import AsyncAlgorithms
import ServiceLifecycle

/// Passes readiness on to gRPC health: while a dependency is down, no service is serving.
struct HealthMonitor: Service {
  /// As often as balancers look at `/readyz`.
  static let interval = Duration.seconds(1)

  let readiness: Readiness
  let registry: HealthRegistry

  func run() async throws {
    for await _ in AsyncTimerSequence(interval: Self.interval, clock: .continuous)
      .cancelOnGracefulShutdown()
    { await update() }
  }

  func update() async {
    registry.setAll(await readiness.report().isReady ? .serving : .notServing)
  }
}
