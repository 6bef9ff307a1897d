import Platform

/// How far billing is behind nodes' reports, and how much of them was set aside.
struct TrafficHealth: Sendable {
  let waiting: TrafficReport.MeasureWaiting.Row
  /// How long the oldest report waits; zero: none waits.
  let lag: Duration
  /// Rows that are billed and not in the hours yet.
  let ledgerRows: Int64
  let setAside: [TrafficSetAside.CountByReason.Row]

  /// Where counting stops, so that measuring stays cheap however bad things are.
  static let mostReports: Int32 = 10_000
  static let mostSetAside: Int32 = 100_000
  static let mostLedgerRows: Int32 = 1_000_000
}

extension TrafficReport.MeasureWaiting.Row {
  /// How long the oldest waits; zero: none waits.
  func lag(at now: Instant) -> Duration { oldest.map { max(.zero, now - $0) } ?? .zero }
}

/// Measures the traffic that waits and was set aside.
struct GetTrafficHealth: AdminOperation {
  static let permission = Permission("telecom.traffic.watch")

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
    let waiting = try await telecom.database.process(
      TrafficReport.MeasureWaiting(mostReports: TrafficHealth.mostReports)
    )
    let setAside = try await telecom.database.process(
      TrafficSetAside.CountByReason(since: now - window, mostRows: TrafficHealth.mostSetAside)
    )
    let ledger = try await telecom.database.process(
      UsageLedger.CountRows(mostRows: TrafficHealth.mostLedgerRows)
    )
    return TrafficHealth(
      waiting: waiting,
      lag: waiting.lag(at: now),
      ledgerRows: ledger,
      setAside: setAside
    )
  }
}
