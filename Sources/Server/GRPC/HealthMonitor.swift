import AsyncAlgorithms
import ServiceLifecycle

/// Tells gRPC health what readiness finds: while a dependency is down, nothing serves.
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
