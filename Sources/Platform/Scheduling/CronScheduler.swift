import FoundationEssentials
package import Logging
import ServiceLifecycle

/// Runs scheduled jobs: claims each slot in PostgreSQL with a lease, keeps the lease alive, and
/// records how the run ended.
///
/// Leases run by the database's clock, so workers whose clocks differ still run a slot once.
package struct CronScheduler: Service {
  /// A worker that dies holds a slot for this long at most.
  static let lease = Duration.seconds(30)
  /// Two chances to extend a lease before it lapses.
  static let heartbeat = Duration.seconds(10)
  static let maxFailures = 2
  /// A slot that keeps failing waits for the next one.
  static let maxAttempts: Int32 = 3
  /// How often slots are looked for: a job starts within this time of its slot.
  static let tick = Duration.seconds(1)

  let entries: [CronEntry]
  let database: DatabaseProcessor
  let worker: String
  let clock: WallClock
  let logger: Logger

  package init(
    entries: [CronEntry],
    database: DatabaseProcessor,
    worker: String,
    clock: WallClock,
    logger: Logger
  ) {
    self.entries = entries
    self.database = database
    self.worker = worker
    self.clock = clock
    self.logger = logger
  }

  package func run() async throws {
    await withDiscardingTaskGroup { group in
      for entry in entries {
        group.addTask { await runSlots(of: entry) }
      }
    }
  }

  private func runSlots(of entry: CronEntry) async {
    var settled: Instant?
    while !Task.isShuttingDownGracefully, !Task.isCancelled {
      let slot = entry.schedule.slot(at: clock.now)
      if slot != settled {
        do {
          if try await runOnce(entry, slot: slot).isSettled { settled = slot }
        } catch {
          logger.warning(
            "a slot could not be claimed",
            metadata: [
              LogKey.job: "\(entry.name)", LogKey.slot: "\(slot.seconds)", LogKey.error: "\(error)",
            ]
          )
        }
      }
      try? await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.tick) }
    }
  }

  /// What came of one look at a slot.
  package enum SlotOutcome: Sendable {
    case succeeded, failed
    /// Nothing is left to do: the slot is done, or has failed too often.
    case settledBefore
    /// Another worker is running it. The slot is checked again until it is settled or that worker's
    /// lease has expired.
    case held

    var isSettled: Bool {
      switch self {
      case .succeeded, .settledBefore: true
      case .failed, .held: false
      }
    }
  }

  /// Runs `slot` unless another worker has it or it is settled.
  package func runOnce(_ entry: CronEntry, slot: Instant) async throws -> SlotOutcome {
    // Asked before it is claimed: a claim that comes to nothing locks the row and writes to the log
    // all the same.
    if let standing = try await database.process(
      CronRun.FindStanding(maxAttempts: Self.maxAttempts, job: entry.name, slot: slot)
    ) {
      if standing.isSettled { return .settledBefore }
      if standing.isHeld { return .held }
    }
    let start = clock.now
    let claim = CronRun.Claim(
      job: entry.name,
      slot: slot,
      worker: worker,
      leaseSeconds: Self.lease.inSeconds,
      startedAt: start,
      maxAttempts: Self.maxAttempts
    )
    guard try await database.process(claim) != nil else { return .held }
    var failure: (any Error)?
    do {
      try await whileExtendingLease(of: entry, slot: slot) { try await entry.run() }
    } catch {
      failure = error
      logger.error(
        "a scheduled job failed",
        metadata: [LogKey.job: "\(entry.name)", LogKey.error: "\(error)"]
      )
    }
    let outcome = failure == nil ? "succeeded" : "failed"
    Telemetry.record(
      clock.now - start,
      as: "helium_cron_duration_seconds",
      [("job", entry.name), ("outcome", outcome)]
    )
    do {
      _ = try await database.process(
        CronRun.Finish(
          finishedAt: clock.now,
          outcome: outcome,
          error: failure.map { String("\($0)".prefix(Self.longestError)) },
          job: entry.name,
          slot: slot,
          worker: worker
        )
      )
    } catch {
      logger.warning(
        "the end of a scheduled job could not be recorded; the slot runs again when its lease expires",
        metadata: [
          LogKey.job: "\(entry.name)", LogKey.slot: "\(slot.seconds)", LogKey.outcome: "\(outcome)",
          LogKey.error: "\(error)",
        ]
      )
    }
    return failure == nil ? .succeeded : .failed
  }

  /// Characters of an error that are kept: its kind and place, not a page of SQL.
  private static let longestError = 2_000

  private func whileExtendingLease(
    of entry: CronEntry,
    slot: Instant,
    _ body: @Sendable @escaping () async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        try await body()
        return true
      }
      group.addTask {
        var failures = 0
        while true {
          try await Task.sleep(for: Self.heartbeat)
          do {
            let extended = try await database.process(
              CronRun.Extend(
                leaseSeconds: Self.lease.inSeconds,
                job: entry.name,
                slot: slot,
                worker: worker
              )
            )
            if extended == 0 { throw LeaseLost(job: entry.name) }
            failures = 0
          } catch let error where !(error is LeaseLost || error is CancellationError) {
            failures += 1
            if failures == Self.maxFailures { throw error }
          }
        }
      }
      defer { group.cancelAll() }
      while let isDone = try await group.next() {
        if isDone { return }
      }
    }
  }

  /// The lease lapsed and another worker may run the slot: this run was stopped.
  struct LeaseLost: Error {
    let job: String
  }
}
