import AsyncAlgorithms
package import Logging
import Metrics
import Postgres
package import Redis
import ServiceLifecycle
import Synchronization

/// The settings in effect in this worker.
///
/// PostgreSQL is the record and Redis the cache: a change is written to PostgreSQL, put into Redis
/// after its commit and announced there; every worker then reads it. The poll of versions finds a
/// change whose announcement was lost.
package final class SettingsStore: Service {
  /// With the poll alone, a change takes effect within this time; it must stay below 5 s.
  static let pollInterval = Duration.seconds(3)
  /// Documents in Redis are rebuilt from PostgreSQL when they expire.
  static let cacheLifetime = Duration.seconds(3_600)
  static let channel = "platform:settings:changed"

  private struct Versioned {
    var version: Int64
    var settings: any ModuleSettings
  }

  private let kinds: [String: SettingsKind]
  private let database: DatabaseProcessor
  private let redis: RedisClient
  private let logger: Logger
  private let sealer: SettingsSealer?
  private let current: Mutex<[String: Versioned]>

  /// - Parameter sealer: needed where any of `kinds` has secrets.
  package init(
    _ kinds: [SettingsKind],
    database: DatabaseProcessor,
    redis: RedisClient,
    sealer: SettingsSealer? = nil,
    logger: Logger
  ) {
    precondition(
      sealer != nil || !kinds.contains(where: \.hasSecrets),
      "secrets are never stored as they are"
    )
    self.sealer = sealer
    self.kinds = Dictionary(uniqueKeysWithValues: kinds.map { ($0.module, $0) })
    self.database = database
    self.redis = redis
    self.logger = logger
    current = Mutex(self.kinds.mapValues { Versioned(version: 0, settings: $0.defaults()) })
  }

  /// The modules that have settings.
  package var modules: [String] { kinds.keys.sorted() }

  /// The settings of a module as they are now.
  package func current<S: ModuleSettings>(_ type: S.Type = S.self) -> S {
    current.withLock { $0[S.module]?.settings as? S } ?? S()
  }

  /// A reader of one module's settings, to hand to that module.
  package func reader<S: ModuleSettings>(_ type: S.Type = S.self) -> Settings<S> {
    Settings { self.current(S.self) }
  }

  /// Keeps the settings up to date until shutdown.
  package func run() async throws {
    try await refresh()
    let announcements = redis.subscribe(to: [Self.channel]).map { _ in }
    let ticks = AsyncTimerSequence(interval: Self.pollInterval, clock: .continuous).map { _ in }
    for await _ in merge(announcements, ticks).cancelOnGracefulShutdown() {
      do {
        try await refresh()
      } catch {
        logger.warning(
          "settings could not be refreshed; the last ones stay in effect",
          metadata: [LogKey.error: "\(error)"]
        )
      }
    }
  }

  /// Reads every document whose version differs from the one in effect.
  package func refresh() async throws {
    for row in try await database.process(SettingsDocument.ListVersions()) {
      guard let kind = kinds[row.module],
        current.withLock({ $0[row.module]?.version }) != row.version
      else { continue }
      guard let document = try await document(of: row.module, version: row.version) else {
        continue
      }
      do {
        let settings = try kind.parse(document, sealer)
        current.withLock { $0[row.module] = Versioned(version: row.version, settings: settings) }
        Gauge(label: "helium_settings_version", dimensions: [("module", row.module)]).record(
          row.version
        )
        for warning in settings.warnings {
          logger.warning(
            "settings in effect: \(warning)",
            metadata: [LogKey.module: "\(row.module)"]
          )
        }
      } catch {
        logger.error(
          "stored settings are not valid; the last ones stay in effect",
          metadata: [LogKey.module: "\(row.module)", LogKey.error: "\(error)"]
        )
      }
    }
  }

  private func document(of module: String, version: Int64) async throws -> [UInt8]? {
    let key = Self.cacheKey(module, version)
    if let cached = try? await redis.get(key) { return cached }
    guard let row = try await database.process(SettingsDocument.Find(module: module)),
      row.version == version
    else { return nil }
    _ = try? await redis.set(key, row.document.bytes, expiry: Self.cacheLifetime)
    return row.document.bytes
  }

  private static func cacheKey(_ module: String, _ version: Int64) -> String {
    "platform:settings:\(module):\(version)"
  }

  // MARK: changes

  /// The stored document of a module, or its defaults as version 0; its secrets are masked.
  package func stored(_ module: String, in database: DatabaseProcessor) async throws -> (
    version: Int64, document: [UInt8]
  ) {
    guard let kind = kinds[module] else { throw NotFound("settings") }
    if let row = try await database.process(SettingsDocument.Find(module: module)) {
      return (row.version, try kind.reveal(row.document.bytes, sealer))
    }
    return (0, try JSON.encode(kind.defaults()))
  }

  /// Stores `document` as the version after `version`, in the caller's transaction; the new
  /// version.
  ///
  /// A secret that `stored` has masked may come back as it was shown, and stays.
  package func change(
    _ module: String,
    to document: [UInt8],
    after version: Int64,
    by admin: Admin.ID?,
    at instant: Instant,
    in transaction: Transaction
  ) async throws -> Int64 {
    guard let kind = kinds[module] else { throw NotFound("settings") }
    // The upsert decides between changes that race; where no row is yet it would follow any
    // version.
    let stored = try await transaction.process(SettingsDocument.Lock(module: module))
    guard stored?.version ?? 0 == version else { throw ChangeError.changedMeanwhile }
    let parsed = try kind.accept(document, stored?.document.bytes, sealer)
    try await kind.confirm(parsed, transaction, sealer)
    let changed = try await transaction.process(
      SettingsDocument.Upsert(
        module: module,
        version: version + 1,
        document: PostgresJSON(bytes: parsed),
        changedAt: instant,
        changedBy: admin
      )
    )
    guard changed == 1 else { throw ChangeError.changedMeanwhile }
    try await transaction.process(
      SettingsDocument.AppendToHistory(
        module: module,
        version: version + 1,
        document: PostgresJSON(bytes: parsed),
        changedAt: instant,
        changedBy: admin
      )
    )
    return version + 1
  }

  /// Up to `limit` versions older than `version`, the newest first; their secrets are masked.
  package func history(
    of module: String,
    before version: Int64,
    limit: Int,
    in database: DatabaseProcessor
  ) async throws -> [SettingsDocument] {
    guard let kind = kinds[module] else { throw NotFound("settings") }
    let rows = try await database.process(
      SettingsDocument.ListHistory(module: module, beforeVersion: version, rowLimit: Int32(limit))
    )
    return rows.map { row in
      // A document that this version can't read may hold a secret anywhere.
      let document = (try? kind.reveal(row.document.bytes, sealer)) ?? Array("{}".utf8)
      return SettingsDocument(
        version: row.version,
        document: document,
        changedAt: row.changedAt,
        changedBy: row.changedBy
      )
    }
  }

  /// Tells every worker that settings changed; call it after the commit.
  package func announce() async {
    // A lost announcement is found by the poll.
    _ = try? await redis.publish([], to: Self.channel)
  }

  /// Why settings could not be changed.
  package enum ChangeError: String, DomainError {
    case changedMeanwhile

    package var kind: FailureKind { .aborted }
    package var reason: String { "SETTINGS_CHANGED_MEANWHILE" }
    package var message: String { "the settings were changed in the meantime; read them again" }
  }
}

/// One version of a module's settings, as JSON.
package struct SettingsDocument: Sendable, Hashable {
  package let version: Int64
  package let document: [UInt8]
  package let changedAt: Instant?
  package let changedBy: Admin.ID?

  package init(version: Int64, document: [UInt8], changedAt: Instant?, changedBy: Admin.ID?) {
    self.version = version
    self.document = document
    self.changedAt = changedAt
    self.changedBy = changedBy
  }
}

/// The settings of one module, as they are at each call.
package struct Settings<S: ModuleSettings>: Sendable {
  private let read: @Sendable () -> S

  package init(_ read: @escaping @Sendable () -> S) {
    self.read = read
  }

  /// Settings that never change, for tests and tools.
  package init(fixed settings: S = S()) {
    read = { settings }
  }

  package func callAsFunction() -> S { read() }
}
