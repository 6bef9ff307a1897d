/// Keeps the platform's own tables small: each has rows that matter for a while and are never read
/// again.
package struct Housekeeping: Module {
  package static let name = "platform"

  package var database: DatabaseProcessor
  package let gate: CallGate
  let clock: WallClock

  package init(database: DatabaseProcessor, gate: CallGate, clock: WallClock) {
    self.database = database
    self.gate = gate
    self.clock = clock
  }

  package var schedules: [CronEntry] {
    [
      CronEntry(ForgetHandledMessages(), in: self), CronEntry(ForgetIdempotencyKeys(), in: self),
      CronEntry(ForgetCronRuns(), in: self),
    ]
  }

  /// Rows that one statement deletes, so that its locks and its part of the log stay small.
  static let batch: Int32 = 1_000

  /// Runs a statement that deletes up to `batch` rows until it finds fewer.
  func deleteInBatches(_ deleteBatch: () async throws -> Int) async throws {
    while try await deleteBatch() == Int(Self.batch) { try Task.checkCancellation() }
  }
}
