import FieldViolations
import Logging
import Platform
import Redis
import TestKit
import Testing
import WorldKit

@testable import Platform

@Suite struct SettingsStoreTests {
  private struct TallySettings: ModuleSettings {
    static let module = "tally"

    var limit = 5
    var title = "Tally"

    init() {}

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      limit = try values.decodeIfPresent(Int.self, forKey: .limit) ?? 5
      title = try values.decodeIfPresent(String.self, forKey: .title) ?? "Tally"
    }

    func violations() -> [FieldViolation] {
      limit > 0 ? [] : [FieldViolation("limit", "must be positive")]
    }

    func violations(in transaction: Transaction) async throws -> [FieldViolation] {
      let versions = try await transaction.process(SettingsDocument.ListVersions())
      return limit > versions.count + 100
        ? [FieldViolation("limit", "is too much for this database")] : []
    }

    var warnings: [String] { limit == 99 ? ["limit is 99"] : [] }
  }

  /// Runs a test with two workers' stores on one database and one cache.
  private func withStores(
    _ body: (World, SettingsStore, SettingsStore, RedisClient) async throws -> Void
  ) async throws {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let quiet = logger
    try await withWorld { world in
      try await withTestRedis { redis in
        var configuration = try RedisConfiguration(url: redis.url)
        // A loaded machine must not fail a test.
        configuration.commandTimeout = .seconds(60)
        let client = RedisClient(configuration: configuration, logger: quiet)
        let stores = (0..<2).map { _ in
          SettingsStore(
            [SettingsKind(TallySettings.self)],
            database: world.database,
            redis: client,
            logger: quiet
          )
        }
        do {
          try await body(world, stores[0], stores[1], client)
        } catch {
          await client.close()
          throw error
        }
        await client.close()
      }
    }
  }

  private func change(_ store: SettingsStore, _ json: String, after version: Int64, in world: World)
    async throws -> Int64
  {
    try await world.database.transaction { transaction in
      try await store.change(
        "tally",
        to: Array(json.utf8),
        after: version,
        by: nil,
        at: World.noon,
        in: transaction
      )
    }
  }

  @Test func `before any change the defaults are in effect, as version 0`() async throws {
    try await withStores { world, store, _, _ async throws in
      try await store.refresh()
      #expect(store.current(TallySettings.self) == TallySettings())
      let stored = try await store.stored("tally", in: world.database)
      #expect(stored.version == 0)
      #expect(String(decoding: stored.document, as: UTF8.self) == #"{"limit":5,"title":"Tally"}"#)
    }
  }

  @Test func `what the database doesn't bear is refused, and nothing is stored`() async throws {
    try await withStores { world, store, _, _ async throws in
      let violation = FieldViolation("limit", "is too much for this database")
      await #expect(throws: InvalidInput([violation])) {
        try await change(store, #"{"limit":101}"#, after: 0, in: world)
      }
      #expect(try await store.stored("tally", in: world.database).version == 0)
      #expect(try await change(store, #"{"limit":100}"#, after: 0, in: world) == 1)
    }
  }

  @Test func `another worker sees a change after its refresh, and its readers do`() async throws {
    try await withStores { world, store, other, _ async throws in
      #expect(try await change(store, #"{"limit":7}"#, after: 0, in: world) == 1)
      let reader = other.reader(TallySettings.self)
      #expect(reader().limit == 5)
      try await other.refresh()
      #expect(reader().limit == 7)
      #expect(reader().title == "Tally")
      #expect(try await change(store, #"{"limit":8}"#, after: 1, in: world) == 2)
      try await other.refresh()
      #expect(reader().limit == 8)
    }
  }

  @Test func `a store follows changes without being asked`() async throws {
    try await withStores { world, store, other, _ async throws in
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await other.run() }
        _ = try await change(store, #"{"limit":9}"#, after: 0, in: world)
        await store.announce()
        try await eventually { other.current(TallySettings.self).limit == 9 }
        group.cancelAll()
      }
    }
  }

  @Test
  func `a change whose announcement was lost is found by asking, within the promised five seconds`()
    async throws
  {
    #expect(SettingsStore.pollInterval < .seconds(5))
    try await withStores { world, store, other, _ async throws in
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await other.run() }
        _ = try await change(store, #"{"limit":6}"#, after: 0, in: world)
        try await eventually { other.current(TallySettings.self).limit == 6 }
        group.cancelAll()
      }
    }
  }

  @Test func `while Redis is away settings come from the database`() async throws {
    try await withStores { world, store, other, redis async throws in
      _ = try await change(store, #"{"limit":7}"#, after: 0, in: world)
      await redis.close()
      try await other.refresh()
      #expect(other.current(TallySettings.self).limit == 7)
    }
  }

  @Test func `of two changes that follow one version the second is refused`() async throws {
    try await withStores { world, store, _, _ async throws in
      let results = await race(10) { number in
        try await change(store, #"{"limit":\#(number + 1)}"#, after: 0, in: world)
      }
      #expect(results.succeeded == [1])
      #expect(results.failed.allSatisfy { $0 as? SettingsStore.ChangeError == .changedMeanwhile })
      #expect(results.failed.count == 9)
      #expect(try await world.number("SELECT count(*) FROM platform.settings_history") == 1)
    }
  }

  @Test func `a change after a version that never was is refused`() async throws {
    try await withStores { world, store, _, _ async throws in
      _ = try await change(store, "{}", after: 0, in: world)
      await #expect(throws: SettingsStore.ChangeError.changedMeanwhile) {
        try await change(store, "{}", after: 5, in: world)
      }
    }
  }

  @Test func `the first change follows version 0 and no other`() async throws {
    try await withStores { world, store, _, _ async throws in
      await #expect(throws: SettingsStore.ChangeError.changedMeanwhile) {
        try await change(store, "{}", after: 5, in: world)
      }
    }
  }

  @Test(arguments: [
    (#"{"limit":0}"#, "limit"), (#"{"limit":"many"}"#, "limit"), (#"{"title":7}"#, "title"),
    ("[", "document"), ("[]", "document"),
  ])
  func `a document that isn't valid names its field and changes nothing`(
    json: String,
    field: String
  ) async throws {
    try await withStores { world, store, _, _ async throws in
      let error = await #expect(throws: InvalidInput.self) {
        try await change(store, json, after: 0, in: world)
      }
      #expect(error?.violations.map(\.field) == [field])
      #expect(try await world.number("SELECT count(*) FROM platform.settings") == 0)
    }
  }

  @Test func `a stored document that isn't valid leaves the last one in effect`() async throws {
    try await withStores { world, store, other, _ async throws in
      _ = try await change(store, #"{"limit":7}"#, after: 0, in: world)
      try await other.refresh()
      try await world.execute(
        "UPDATE platform.settings SET version = 2, document = '{\"limit\": -1}'"
      )
      try await other.refresh()
      #expect(other.current(TallySettings.self).limit == 7)
    }
  }

  @Test func `history shows the newest version first, page by page`() async throws {
    try await withStores { world, store, _, _ async throws in
      for version in 0..<5 {
        _ = try await change(store, #"{"limit":\#(version + 1)}"#, after: Int64(version), in: world)
      }
      let first = try await store.history(of: "tally", before: .max, limit: 3, in: world.database)
      #expect(first.map(\.version) == [5, 4, 3])
      let second = try await store.history(of: "tally", before: 3, limit: 3, in: world.database)
      #expect(second.map(\.version) == [2, 1])
      #expect(
        try second.map { try JSON.decode(TallySettings.self, from: $0.document).limit } == [2, 1]
      )
    }
  }

  @Test func `a module without settings has none`() async throws {
    try await withStores { world, store, _, _ async throws in
      await #expect(throws: NotFound("settings")) {
        _ = try await store.stored("nothing", in: world.database)
      }
      await #expect(throws: NotFound("settings")) {
        try await store.history(of: "nothing", before: 9, limit: 1, in: world.database)
      }
    }
  }
}
