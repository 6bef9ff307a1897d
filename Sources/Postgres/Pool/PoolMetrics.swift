import CoreMetrics
import Metrics

/// What the pool tells a metrics backend. All carry the label `client`, the configuration's
/// `metricsLabel`.
struct PoolMetrics: Sendable {
  private let idle: Gauge
  private let leased: Gauge
  private let connecting: Gauge
  private let pipelined: Gauge
  private let waiting: Gauge
  /// How long callers waited, of those that had to wait.
  let acquire: Metrics.Timer
  /// Errors that the server answered statements with.
  let errors: Counter
  let connects: Counter
  let connectFailures: Counter

  init(label: String) {
    func connections(_ state: String) -> Gauge {
      Gauge(label: "postgres_pool_connections", dimensions: [("client", label), ("state", state)])
    }
    idle = connections("idle")
    leased = connections("leased")
    connecting = connections("connecting")
    pipelined = connections("pipelined")
    waiting = Gauge(label: "postgres_pool_waiting", dimensions: [("client", label)])
    acquire = Metrics.Timer(label: "postgres_pool_wait_duration", dimensions: [("client", label)])
    errors = Counter(label: "postgres_statement_errors", dimensions: [("client", label)])
    connects = Counter(label: "postgres_connects", dimensions: [("client", label)])
    connectFailures = Counter(label: "postgres_connect_failures", dimensions: [("client", label)])
  }

  func record(_ statistics: PostgresPoolStatistics) {
    idle.record(statistics.idle)
    leased.record(statistics.leased)
    connecting.record(statistics.connecting)
    pipelined.record(statistics.pipelined)
    waiting.record(statistics.waiting)
  }
}
