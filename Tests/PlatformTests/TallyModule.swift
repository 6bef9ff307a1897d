import Platform
import Postgres
import Synchronization
import WorldKit

/// A module with one table of labels: what a test counts effects in.
struct TallyModule: Module {
  static let name = "tally"

  var database: DatabaseProcessor
  var gate: CallGate

  static let createTable = "CREATE TABLE tally (label text NOT NULL)"
}

extension TallyModule {
  func count(_ label: String = "a") async throws -> Int64 {
    try await database.process(CountLabel(label: label))
  }
}

struct InsertLabel: Statement {
  typealias Context = DatabaseProcessor
  typealias Output = Void

  static let sql = "INSERT INTO tally (label) VALUES ($1)"

  var label = "a"

  func bind(to bindings: inout PostgresBindings) {
    bindings.append(label)
  }
}

struct CountLabel: Statement {
  typealias Context = DatabaseProcessor
  typealias Output = Int64

  static let sql = "SELECT count(*) FROM tally WHERE label = $1"

  var label = "a"

  func bind(to bindings: inout PostgresBindings) {
    bindings.append(label)
  }

  static func decode(_ rows: PostgresRows) throws -> Int64 {
    try rows.first.map { try $0.decode(0) } ?? 0
  }
}

struct LabelCounted: Event {
  static let name = "tally.label.counted.v1"

  var label = "a"
}

struct CountLater: Job {
  static let name = "tally.count"

  var label = "a"
}

/// What a test throws to make something fail.
struct Failure: Error {}

/// Lets the first calls fail, and counts all.
final class FailingCalls: Sendable {
  private let state: Mutex<(left: Int, calls: Int)>
  private let error: any Error

  init(_ count: Int = 0, _ error: any Error = Failure()) {
    state = Mutex((count, 0))
    self.error = error
  }

  var calls: Int { state.withLock { $0.calls } }

  func call() throws {
    let fails = state.withLock { state in
      state.calls += 1
      state.left -= 1
      return state.left >= 0
    }
    if fails { throw error }
  }
}

/// Inserts the event's label; fails after the insert as it is told to, so that a roll-back is seen.
struct InsertLabelOfEvent: EventHandler {
  var failures = FailingCalls()

  func handle(_ event: LabelCounted, in tally: InTransaction<TallyModule>) async throws {
    try await tally.process(InsertLabel(label: event.label))
    try failures.call()
  }
}

struct InsertLabelOfJob: JobHandler {
  func handle(_ job: CountLater, in tally: InTransaction<TallyModule>) async throws {
    try await tally.process(InsertLabel(label: job.label))
  }
}

func withTally<R: Sendable>(poolSize: Int = 20, _ body: (World, TallyModule) async throws -> R)
  async throws -> R
{
  try await withWorld(poolSize: poolSize) { world in
    try await world.execute(TallyModule.createTable)
    return try await body(world, TallyModule(database: world.database, gate: world.gate()))
  }
}

/// Waits until `condition` holds. The bound is for hangs alone, far from what any machine needs.
func eventually(_ condition: () async throws -> Bool) async throws {
  for _ in 0..<6_000 {
    if try await condition() { return }
    try await Task.sleep(for: .milliseconds(20))
  }
  throw NeverHappened()
}

/// What a test waited for did not come.
struct NeverHappened: Error {}
