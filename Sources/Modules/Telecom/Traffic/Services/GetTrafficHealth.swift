import Platform

/// Measures the traffic that waits and was set aside.
struct GetTrafficHealth: AdminOperation {
  static let permission = Permission("telecom.traffic.watch", .support)

  /// Up to now; set-aside rows are counted in it.
  let window: Duration

  /// As long as those rows are kept.
  private static let longestWindow: Int64 = 90 * 86_400
  private static let usualWindow: Int64 = 86_400

  /// - Parameter windowSeconds: 0 stands for a day.
  init(windowSeconds: Int64) throws(InvalidInput) {
    guard (0...Self.longestWindow).contains(windowSeconds) else {
      throw InvalidInput("window_seconds", "must be 0 to \(Self.longestWindow)")
    }
    window = .seconds(windowSeconds == 0 ? Self.usualWindow : windowSeconds)
  }

  var target: AuditTarget { AuditTarget("traffic", "") }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> TrafficHealth {
    let now = telecom.clock.now
    let waiting = try await telecom.process(
      TrafficReport.MeasureWaiting(maxReports: TrafficHealth.maxReports)
    )
    let setAside = try await telecom.process(
      TrafficSetAside.CountByReason(since: now - window, maxRows: TrafficHealth.maxSetAside)
    )
    let ledger = try await telecom.process(
      UsageLedger.CountRows(maxRows: TrafficHealth.maxLedgerRows)
    )
    return TrafficHealth(
      waiting: waiting,
      lag: waiting.lag(at: now),
      ledgerRows: ledger,
      setAside: setAside
    )
  }
}
