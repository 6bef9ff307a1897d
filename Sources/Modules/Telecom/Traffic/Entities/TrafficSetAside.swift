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
    /// Its packages, now and in the grace before, have nothing to do with that node.
    case notEligible = "not_eligible"
    /// More than a line can carry.
    case absurd
    /// It had no package, now and in the grace before.
    case nothingActive = "nothing_active"
    /// It is no user with two numbers of bytes.
    case malformed
    /// Its user stands in the report before it.
    case duplicate
  }
}
