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
  static let maxReports: Int32 = 10_000
  static let maxSetAside: Int32 = 100_000
  static let maxLedgerRows: Int32 = 1_000_000
}

extension TrafficReport.MeasureWaiting.Row {
  /// How long the oldest waits; zero: none waits.
  func lag(at now: Instant) -> Duration { oldest.map { max(.zero, now - $0) } ?? .zero }
}
