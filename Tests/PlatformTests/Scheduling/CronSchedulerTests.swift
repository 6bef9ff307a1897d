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
    return CronScheduler(
      entries: [],
      database: world.database,
      worker: worker,
      clock: world.clock.clock,
      logger: logger
    )
  }

  /// A claim as another worker made it.
  private func claim(_ job: String, by worker: String) -> CronRun.Claim {
    CronRun.Claim(
      job: job,
      slot: Self.slot,
      worker: worker,
      leaseSeconds: CronScheduler.lease.inSeconds,
      startedAt: World.noon,
      maxAttempts: CronScheduler.maxAttempts
    )
  }

  @Test func `when ten workers race for a slot, one runs it`() async throws {
    try await withTally { world, tally async throws in
      let entry = CronEntry(CountingJob(), in: tally)
      let results = await race(10) { number in
        try await scheduler(world, "worker-\(number)").runOnce(entry, slot: Self.slot)
      }
      #expect(results.failed.isEmpty)
      #expect(results.succeeded.count { $0 == .succeeded } == 1)
      #expect(try await tally.count() == 1)
      #expect(
        try await world.number(
          "SELECT count(*) FROM platform.cron_runs WHERE outcome = 'succeeded' AND attempt = 1"
        ) == 1
      )
    }
  }

  @Test func `a slot that is done isn't run again, the next one is`() async throws {
    try await withTally { world, tally async throws in
      let entry = CronEntry(CountingJob(), in: tally)
      #expect(try await scheduler(world).runOnce(entry, slot: Self.slot) == .succeeded)
      #expect(try await scheduler(world).runOnce(entry, slot: Self.slot) == .settledBefore)
      #expect(
        try await scheduler(world).runOnce(entry, slot: Self.slot + .seconds(60)) == .succeeded
      )
      #expect(try await tally.count() == 2)
    }
  }

  @Test func `a replica that finds a slot done or held writes nothing`() async throws {
    try await withTally { world, tally async throws in
      let entry = CronEntry(CountingJob(), in: tally)
      let state = "SELECT xmax::text::bigint + xmin::text::bigint FROM platform.cron_runs"
      _ = try await world.database.process(claim(entry.name, by: "other"))
      let held = try await world.number(state)
      #expect(try await scheduler(world).runOnce(entry, slot: Self.slot) == .held)
      #expect(try await world.number(state) == held)
      try await world.execute(
        "UPDATE platform.cron_runs SET lease_until = clock_timestamp() - interval '1 second'"
      )
      #expect(try await scheduler(world).runOnce(entry, slot: Self.slot) == .succeeded)
      let done = try await world.number(state)
      #expect(try await scheduler(world, "two").runOnce(entry, slot: Self.slot) == .settledBefore)
      #expect(try await world.number(state) == done)
    }
  }

  @Test func `what is settled isn't looked at again, what is held or has failed is`() {
    #expect(
      [.succeeded, .settledBefore].allSatisfy { (outcome: CronScheduler.SlotOutcome) in
        outcome.isSettled
      }
    )
    #expect(
      [.failed, .held].allSatisfy { (outcome: CronScheduler.SlotOutcome) in !outcome.isSettled }
    )
  }

  @Test
  func
    `a run whose end can't be recorded has its outcome all the same, and the slot is run again after its lease`()
    async throws
  {
    try await withTally { world, tally async throws in
      let entry = CronEntry(CountingJob(), in: tally)
      try await world.execute(
        """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
        CREATE TRIGGER refuse BEFORE UPDATE OF outcome ON platform.cron_runs
        FOR EACH ROW WHEN (new.outcome IS NOT NULL) EXECUTE FUNCTION refuse();
        """
      )
      #expect(try await scheduler(world).runOnce(entry, slot: Self.slot) == .succeeded)
      #expect(try await scheduler(world, "two").runOnce(entry, slot: Self.slot) == .held)
      try await world.execute("DROP TRIGGER refuse ON platform.cron_runs")
      try await world.execute(
        "UPDATE platform.cron_runs SET lease_until = clock_timestamp() - interval '1 second'"
      )
      #expect(try await scheduler(world, "two").runOnce(entry, slot: Self.slot) == .succeeded)
    }
  }

  @Test func `a slot that keeps failing is run three times, and the last error is kept`()
    async throws
  {
    try await withTally { world, tally async throws in
      let failures = FailingCalls(100)
      let entry = CronEntry(CountingJob(failures: failures), in: tally)
      for _ in 0..<3 {
        #expect(try await scheduler(world).runOnce(entry, slot: Self.slot) == .failed)
      }
      for _ in 0..<2 {
        #expect(try await scheduler(world).runOnce(entry, slot: Self.slot) == .settledBefore)
      }
      #expect(failures.calls == 3)
      #expect(
        try await world.number(
          "SELECT count(*) FROM platform.cron_runs WHERE outcome = 'failed' AND attempt = 3 AND error LIKE 'Failure%'"
        )
          == 1
      )
    }
  }

  @Test func `a slot that failed once is done by its next run`() async throws {
    try await withTally { world, tally async throws in
      let entry = CronEntry(CountingJob(failures: FailingCalls(1)), in: tally)
      #expect(try await scheduler(world).runOnce(entry, slot: Self.slot) == .failed)
      #expect(try await scheduler(world, "two").runOnce(entry, slot: Self.slot) == .succeeded)
      #expect(
        try await world.number(
          "SELECT attempt::bigint FROM platform.cron_runs WHERE worker = 'two' AND error IS NULL"
        ) == 2
      )
    }
  }

  @Test
  func
    `a lease is taken over when it has lapsed by the database's clock, whatever the worker's says`()
    async throws
  {
    try await withTally { world, tally async throws in
      let entry = CronEntry(CountingJob(), in: tally)
      #expect(try await world.database.process(claim(entry.name, by: "dead")) == 1)
      // This worker is a day ahead.
      world.clock.advance(by: .seconds(86_400))
      #expect(try await scheduler(world).runOnce(entry, slot: Self.slot) == .held)
      #expect(try await world.database.process(claim(entry.name, by: "one")) == nil)
      try await world.execute(
        "UPDATE platform.cron_runs SET lease_until = clock_timestamp() - interval '1 microsecond'"
      )
      #expect(try await scheduler(world).runOnce(entry, slot: Self.slot) == .succeeded)
      #expect(try await tally.count() == 1)
    }
  }

  @Test func `only who holds a lease extends it, and only while the slot is under way`()
    async throws
  {
    try await withTally { world, _ async throws in
      _ = try await world.database.process(claim("j", by: "one"))
      func extend(_ worker: String) async throws -> Int {
        try await world.database.process(
          CronRun.Extend(leaseSeconds: 1_000, job: "j", slot: Self.slot, worker: worker)
        )
      }
      let left =
        "SELECT ceil(extract(epoch FROM lease_until - clock_timestamp()))::bigint FROM platform.cron_runs"
      #expect(try await extend("two") == 0)
      #expect(try await world.number(left) <= 30)
      #expect(try await extend("one") == 1)
      #expect(try await (31...1_000).contains(world.number(left)))
      _ = try await world.database.process(
        CronRun.Finish(
          finishedAt: World.noon,
          outcome: "succeeded",
          error: nil,
          job: "j",
          slot: Self.slot,
          worker: "one"
        )
      )
      #expect(try await extend("one") == 0)
    }
  }

  @Test func `a run that lost its lease doesn't end the slot of who took it over`() async throws {
    try await withTally { world, _ async throws in
      _ = try await world.database.process(claim("j", by: "new"))
      let finished = try await world.database.process(
        CronRun.Finish(
          finishedAt: World.noon,
          outcome: "succeeded",
          error: nil,
          job: "j",
          slot: Self.slot,
          worker: "old"
        )
      )
      #expect(finished == 0)
    }
  }
}
