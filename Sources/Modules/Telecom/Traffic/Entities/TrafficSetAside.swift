import AgentProtocols
import Platform
import Postgres

/// A row of a report that is not billed, and why.
struct TrafficSetAside: Hashable, Sendable {
  typealias ID = Identifier<TrafficSetAside>

  let report: TrafficReport.ID
  let node: NodeServer.ID
  let entry: TrafficReport.Entry
  let reason: Reason

  enum Reason: String, PostgresCodable, PostgresArrayElement {
    /// No subscription has that id.
    case unknownUser = "unknown_user"
    /// None of its packages, now or within the grace period, may use that node.
    case notEligible = "not_eligible"
    /// More traffic than a connection can carry.
    case absurd
    /// It has no package now and had none within the grace period.
    case nothingActive = "nothing_active"
    /// It isn't a user with two numbers of bytes.
    case malformed
    /// An earlier row of the report names the same user.
    case duplicate
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
