import Logging
import Platform
import Testing
import WorldKit

@testable import Platform

@Suite struct CronSchedulerTests {
  private static let slot = Instant(seconds: 1_768_478_400)

  /// Inserts a label, then fails as it is told to.
  private struct CountingJob: ScheduledJob {
    static let name = "tally.insert"
    static let schedule = Schedule.every(.seconds(60))

    var failures = FailingCalls()

    func run(in module: TallyModule) async throws {
      try await module.database.process(InsertLabel())
      try failures.call()
    }
  }

  private func scheduler(_ world: World, _ worker: String = "one") -> CronScheduler {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return CronScheduler(entries: [], database: world.database, worker: worker, clock: world.clock.clock, logger: logger)
  }

  @Test func `when ten workers race for a slot, one runs it`() async throws {
    try await withTally { world, tally async throws in
      let entry = CronEntry(CountingJob(), in: tally)
      let results = await race(10) { number in try await scheduler(world, "worker-\(number)").runOnce(entry, slot: Self.slot) }
      #expect(results.failed.isEmpty)
      #expect(results.succeeded.count { $0 } == 1)
      #expect(try await tally.count() == 1)
      #expect(try await world.number("SELECT count(*) FROM platform.cron_runs WHERE outcome = 'succeeded' AND attempt = 1") == 1)
    }
  }

  @Test func `a slot that is done isn't run again, the next one is`() async throws {
    try await withTally { world, tally async throws in
      let entry = CronEntry(CountingJob(), in: tally)
      #expect(try await scheduler(world).runOnce(entry, slot: Self.slot))
      #expect(try await !scheduler(world).runOnce(entry, slot: Self.slot))
      #expect(try await scheduler(world).runOnce(entry, slot: Self.slot + .seconds(60)))
      #expect(try await tally.count() == 2)
    }
  }

  @Test func `a slot that keeps failing is run three times, and the last error is kept`() async throws {
    try await withTally { world, tally async throws in
      let failures = FailingCalls(100)
      let entry = CronEntry(CountingJob(failures: failures), in: tally)
      for _ in 0..<5 { #expect(try await !scheduler(world).runOnce(entry, slot: Self.slot)) }
      #expect(failures.calls == 3)
      #expect(
        try await world.number("SELECT count(*) FROM platform.cron_runs WHERE outcome = 'failed' AND attempt = 3 AND error LIKE 'Failure%'")
          == 1)
    }
  }

  @Test func `a slot that failed once is done by its next run`() async throws {
    try await withTally { world, tally async throws in
      let entry = CronEntry(CountingJob(failures: FailingCalls(1)), in: tally)
      #expect(try await !scheduler(world).runOnce(entry, slot: Self.slot))
      #expect(try await scheduler(world, "two").runOnce(entry, slot: Self.slot))
      #expect(try await world.number("SELECT attempt::bigint FROM platform.cron_runs WHERE worker = 'two' AND error IS NULL") == 2)
    }
  }

  @Test func `a lease is taken over from the moment it has lapsed, not before`() async throws {
    try await withTally { world, tally async throws in
      let entry = CronEntry(CountingJob(), in: tally)
      let claim = ClaimCronSlot(
        job: entry.name, slot: Self.slot, worker: "dead", leaseUntil: world.clock.clock.now + CronScheduler.lease,
        startedAt: world.clock.clock.now, mostAttempts: CronScheduler.mostAttempts)
      #expect(try await world.database.process(claim) == 1)
      world.clock.advance(by: CronScheduler.lease)
      #expect(try await !scheduler(world).runOnce(entry, slot: Self.slot))
      world.clock.advance(by: .microseconds(1))
      #expect(try await scheduler(world).runOnce(entry, slot: Self.slot))
      #expect(try await tally.count() == 1)
    }
  }

  @Test func `only who holds a lease extends it, and only while the slot is under way`() async throws {
    try await withTally { world, _ async throws in
      let now = world.clock.clock.now
      let claim = ClaimCronSlot(
        job: "j", slot: Self.slot, worker: "one", leaseUntil: now, startedAt: now, mostAttempts: CronScheduler.mostAttempts)
      _ = try await world.database.process(claim)
      func extend(_ worker: String) async throws -> Int {
        Int(try await world.database.process(ExtendCronLease(leaseUntil: now + .seconds(9), job: "j", slot: Self.slot, worker: worker)))
      }
      #expect(try await extend("two") == 0)
      #expect(try await extend("one") == 1)
      #expect(try await world.number("SELECT extract(epoch FROM lease_until)::bigint FROM platform.cron_runs") == now.seconds + 9)
      _ = try await world.database.process(
        FinishCronSlot(finishedAt: now, outcome: "succeeded", error: nil, job: "j", slot: Self.slot, worker: "one"))
      #expect(try await extend("one") == 0)
    }
  }

  @Test func `a run that lost its lease doesn't end the slot of who took it over`() async throws {
    try await withTally { world, _ async throws in
      let now = world.clock.clock.now
      let claim = ClaimCronSlot(
        job: "j", slot: Self.slot, worker: "new", leaseUntil: now, startedAt: now, mostAttempts: CronScheduler.mostAttempts)
      _ = try await world.database.process(claim)
      let finished = try await world.database.process(
        FinishCronSlot(finishedAt: now, outcome: "succeeded", error: nil, job: "j", slot: Self.slot, worker: "old"))
      #expect(finished == 0)
    }
  }
}
