import Postgres

/// When the traffic of a package starts anew while its time goes on.
///
/// `telecom.next_reset` in the database works the moments out: it knows time zones.
package enum ResetRule: String, PostgresCodable, Codable, Sendable, CaseIterable {
  case none
  /// Each month on the day and at the time of its activation; where a month has no such day, on its
  /// last.
  case monthly
  /// At the beginning of each month.
  case calendarMonth = "calendar_month"
}
