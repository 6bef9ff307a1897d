import FoundationEssentials
package import Logging
import Metrics
import ServiceLifecycle

/// Runs scheduled jobs: claims each slot in PostgreSQL with a lease, keeps the lease alive, and records how the run ended.
package struct CronScheduler: Service {
  /// A worker that dies holds a slot for this long at most.
  static let lease = Duration.seconds(30)
  /// Three chances to extend a lease before it lapses.
  static let heartbeat = Duration.seconds(10)
  /// A slot that keeps failing waits for the next one.
  static let mostAttempts: Int32 = 3
  /// How often slots are looked for: a job starts within this time of its slot.
  static let tick = Duration.seconds(1)

  let entries: [CronEntry]
  let database: DatabaseProcessor
  let worker: String
  let clock: WallClock
  let logger: Logger

  package init(entries: [CronEntry], database: DatabaseProcessor, worker: String, clock: WallClock, logger: Logger) {
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
    var finished: Instant?
    while !Task.isShuttingDownGracefully, !Task.isCancelled {
      let slot = entry.schedule.slot(at: clock.now)
      if slot != finished {
        do {
          if try await runOnce(entry, slot: slot) { finished = slot }
        } catch {
          logger.warning(
            "a slot could not be claimed",
            metadata: [LogKey.job: "\(entry.name)", LogKey.slot: "\(slot.seconds)", LogKey.error: "\(error)"])
        }
      }
      try? await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.tick) }
    }
  }

  /// Runs `slot` unless another worker has it or has done it; true when nothing is left to do for it here.
  package func runOnce(_ entry: CronEntry, slot: Instant) async throws -> Bool {
    let start = clock.now
    let claim = ClaimCronSlot(
      job: entry.name, slot: slot, worker: worker, leaseUntil: start + Self.lease, startedAt: start, mostAttempts: Self.mostAttempts)
    guard try await database.process(claim) != nil else {
      // Taken or done. A taken one is looked at again until its lease lapses or it is done: the claim itself decides.
      return false
    }
    var failure: (any Error)?
    do {
      try await whileExtendingLease(of: entry, slot: slot) { try await entry.run() }
    } catch {
      failure = error
      logger.error("a scheduled job failed", metadata: [LogKey.job: "\(entry.name)", LogKey.error: "\(error)"])
    }
    let outcome = failure == nil ? "succeeded" : "failed"
    _ = try await database.process(
      FinishCronSlot(
        finishedAt: clock.now, outcome: outcome, error: failure.map { "\($0)" }, job: entry.name, slot: slot, worker: worker))
    Metrics.Timer(label: "helium_cron_duration_seconds", dimensions: [("job", entry.name), ("outcome", outcome)])
      .recordNanoseconds((clock.now - start).microseconds * 1_000)
    return failure == nil
  }

  private func whileExtendingLease(of entry: CronEntry, slot: Instant, _ body: @Sendable @escaping () async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        try await body()
        return true
      }
      group.addTask {
        while true {
          try await Task.sleep(for: Self.heartbeat)
          let extended = try await database.process(
            ExtendCronLease(leaseUntil: clock.now + Self.lease, job: entry.name, slot: slot, worker: worker))
          if extended == 0 { throw LeaseLost(job: entry.name) }
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
