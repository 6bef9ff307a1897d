import Postgres

/// When the traffic of a package resets while its time goes on.
///
/// `telecom.next_reset` in the database computes the moments, since PostgreSQL knows time zones.
package enum ResetRule: String, PostgresCodable, Codable, Sendable, CaseIterable {
  case none
  /// Each month, on the day and at the time of its activation; in shorter months on the last day.
  case monthly
  /// At the beginning of each month.
  case calendarMonth = "calendar_month"
}
