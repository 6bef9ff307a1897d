import ServiceLifecycle

/// Tells everybody that the worker is on its way out, before anything stops: the last to start is
/// the first to shut down.
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
