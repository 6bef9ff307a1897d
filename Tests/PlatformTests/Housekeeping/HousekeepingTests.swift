import Platform
import Testing
import WorldKit

@testable import Platform

@Suite struct HousekeepingTests {
  private func housekeeping(_ world: World) -> Housekeeping {
    Housekeeping(database: world.database, gate: world.gate(), clock: world.clock.clock)
  }

  /// More than two batches, so that the last is not a whole one.
  private static let many = Int(Housekeeping.batch) * 2 + 7

  /// SQL for an instant so long before the world's noon.
  private func before(_ age: Duration) -> String {
    "to_timestamp(\((World.noon - age).seconds))"
  }

  @Test
  func `handled messages are forgotten after their time, however many they are, and not before`()
    async throws
  {
    try await withWorld { world in
      try await world.execute(
        """
        INSERT INTO platform.inbox (hook, message_id, handled_at)
        SELECT 'old', gen_random_uuid(), \(before(ForgetHandledMessages.kept + .seconds(1))) FROM generate_series(1, \(Self.many));
        INSERT INTO platform.inbox (hook, message_id, handled_at)
        SELECT 'kept', gen_random_uuid(), \(before(ForgetHandledMessages.kept)) FROM generate_series(1, 3);
        """
      )
      try await ForgetHandledMessages().run(in: housekeeping(world))
      #expect(try await world.number("SELECT count(*) FROM platform.inbox WHERE hook = 'old'") == 0)
      #expect(
        try await world.number("SELECT count(*) FROM platform.inbox WHERE hook = 'kept'") == 3
      )
    }
  }

  @Test func `a handled message is remembered for longer than it is retried`() {
    let retried = RetryPolicy.standard.delays.reduce(0, +)
    #expect(ForgetHandledMessages.kept > .seconds(retried))
  }

  @Test func `answers to idempotency keys are forgotten after their time, and not before`()
    async throws
  {
    try await withWorld { world in
      try await world.execute(
        """
        INSERT INTO platform.idempotency_keys (caller, method, key, request_digest, response, created_at)
        SELECT gen_random_uuid(), 'old', 'k', '', '', \(before(ForgetIdempotencyKeys.kept + .seconds(1)))
        FROM generate_series(1, \(Self.many));
        INSERT INTO platform.idempotency_keys (caller, method, key, request_digest, response, created_at)
        VALUES (gen_random_uuid(), 'kept', 'k', '', '', \(before(ForgetIdempotencyKeys.kept)));
        """
      )
      try await ForgetIdempotencyKeys().run(in: housekeeping(world))
      #expect(
        try await world.number(
          "SELECT count(*) FROM platform.idempotency_keys WHERE method = 'old'"
        ) == 0
      )
      #expect(
        try await world.number(
          "SELECT count(*) FROM platform.idempotency_keys WHERE method = 'kept'"
        ) == 1
      )
    }
  }

  @Test func `runs are forgotten after their time, also those whose worker died, and not before`()
    async throws
  {
    try await withWorld { world in
      let old = before(ForgetCronRuns.kept + .seconds(1))
      try await world.execute(
        """
        INSERT INTO platform.cron_runs (job, slot, worker, lease_until, attempt, started_at, finished_at, outcome)
        SELECT 'old', to_timestamp(n), 'w', \(old), 1, \(old), \(old), 'succeeded' FROM generate_series(1, \(Self.many)) n;
        INSERT INTO platform.cron_runs (job, slot, worker, lease_until, attempt, started_at)
        VALUES ('dead', \(old), 'w', \(old), 1, \(old)), ('kept', \(old), 'w', \(old), 1, \(before(ForgetCronRuns.kept)));
        """
      )
      try await ForgetCronRuns().run(in: housekeeping(world))
      #expect(
        try await world.number(
          "SELECT count(*) FROM platform.cron_runs WHERE job IN ('old', 'dead')"
        ) == 0
      )
      #expect(
        try await world.number("SELECT count(*) FROM platform.cron_runs WHERE job = 'kept'") == 1
      )
    }
  }

  @Test func `each of them is a scheduled job, far more often than what it deletes is old`()
    async throws
  {
    try await withWorld { world in
      let entries = housekeeping(world).schedules
      #expect(
        Set(entries.map(\.name)) == [
          "platform.forget_handled_messages", "platform.forget_idempotency_keys",
          "platform.forget_cron_runs",
        ]
      )
    }
  }
}
