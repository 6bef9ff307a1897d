/// Work that is done once per slot of its schedule, by one of all replicas.
///
/// It must be idempotent and look at the state it finds: after downtime only the newest slot is
/// run, and a run whose worker died is resumed.
package protocol ScheduledJob<Context>: Sendable {
  associatedtype Context: Module

  /// `<module>.<what it does>`, e.g. `shop.cancel_unpaid_orders`.
  static var name: String { get }
  static var schedule: Schedule { get }

  func run(in module: Context) async throws
}

/// A scheduled job with its module and type erased: what the scheduler runs.
package struct CronEntry: Sendable {
  package let name: String
  package let schedule: Schedule
  package let run: @Sendable () async throws -> Void

  package init<J: ScheduledJob>(_ job: J, in module: J.Context) {
    name = J.name
    schedule = J.schedule
    run = { try await Telemetry.measured(J.self) { try await job.run(in: module) } }
  }
}
