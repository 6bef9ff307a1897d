import Logging
import Platform
import ServiceLifecycle

/// Measures how far billing is behind nodes' reports: `helium_traffic_waiting_reports`,
/// `helium_traffic_waiting_rows` and `helium_traffic_lag_seconds`. They are sampled, so a scrape
/// costs the database nothing.
package struct TrafficMonitor: Service {
  private let telecom: Telecom
  private let logger: Logger

  init(telecom: Telecom, logger: Logger) {
    self.telecom = telecom
    self.logger = logger
  }

  package func run() async throws {
    await Sampler(failure: "waiting traffic could not be measured", logger: logger).run(sample)
  }

  /// Reads one index.
  func sample() async throws {
    let waiting = try await telecom.process(
      TrafficReport.MeasureWaiting(maxReports: TrafficHealth.maxReports)
    )
    Telemetry.gauge(Double(waiting.reports), as: "helium_traffic_waiting_reports")
    Telemetry.gauge(Double(waiting.rows), as: "helium_traffic_waiting_rows")
    Telemetry.gauge(
      waiting.lag(at: telecom.clock.now) / .seconds(1),
      as: "helium_traffic_lag_seconds"
    )
  }
}
