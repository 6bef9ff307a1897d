import Logging
import Platform
import ServiceLifecycle

/// Measures how far the merge is behind nodes' reports: `helium_traffic_waiting_reports`,
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
    let waiting = try await telecom.database.process(
      TrafficReport.MeasureWaiting(mostReports: TrafficHealth.mostReports)
    )
    Telemetry.gauge(Double(waiting.reports), as: "helium_traffic_waiting_reports")
    Telemetry.gauge(Double(waiting.rows), as: "helium_traffic_waiting_rows")
    Telemetry.gauge(
      waiting.lag(at: telecom.clock.now) / .seconds(1),
      as: "helium_traffic_lag_seconds"
    )
  }
}

/// The result of a merge, for metrics.
struct MergedTraffic: Sendable {
  let reports: Int
  let rows: Int
  let setAside: [TrafficSetAside.Reason: Int]

  func record(_ duration: Duration) {
    Telemetry.record(duration, as: "helium_traffic_merge_duration_seconds", [])
    Telemetry.record(rows, as: "helium_traffic_merge_rows")
    Telemetry.count(reports, as: "helium_traffic_merged_reports")
    Telemetry.count(rows, as: "helium_traffic_merged_rows")
    setAside.record()
  }
}

extension [TrafficSetAside.Reason: Int] {
  /// Adds to the counters of rows that were set aside.
  func record() {
    for (reason, rows) in self {
      Telemetry.count(rows, as: "helium_traffic_set_aside_rows", [("reason", reason.rawValue)])
    }
  }
}
