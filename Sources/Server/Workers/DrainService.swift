import ServiceLifecycle

/// Announces that the worker is shutting down, before anything stops. The service that starts last
/// shuts down first.
struct DrainService: Service {
  /// Balancers that look once a second see the answer before connections are refused.
  static let notice = Duration.seconds(1)

  let readiness: Readiness
  let health: HealthRegistry?

  func run() async throws {
    try? await gracefulShutdown()
    await readiness.drain()
    health?.drain()
    try? await Task.sleep(for: Self.notice)
  }
}
