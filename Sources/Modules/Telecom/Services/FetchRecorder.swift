import Contracts
import Logging
import Platform
import ServiceLifecycle
import Synchronization

/// Notes when links were last fetched, many at a time: a write for every fetch would cost more than the fetch.
package final class FetchRecorder: Service {
  private static let interval = Duration.seconds(5)
  /// Links that wait to be noted; more are fetched without a note.
  private static let mostWaiting = 20_000

  private let database: DatabaseProcessor
  private let logger: Logger
  private let waiting = Mutex<[Subscription.ID: Instant]>([:])

  init(database: DatabaseProcessor, logger: Logger) {
    self.database = database
    self.logger = logger
  }

  func note(_ subscription: Subscription.ID, at instant: Instant) {
    waiting.withLock { waiting in
      if waiting.count < Self.mostWaiting || waiting[subscription] != nil { waiting[subscription] = instant }
    }
  }

  /// Writes what was noted every few seconds, and once more at shutdown.
  package func run() async throws {
    while !Task.isCancelled, !Task.isShuttingDownGracefully {
      // Waking up early means that the worker stops.
      try? await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.interval) }
      do {
        try await flush()
      } catch {
        logger.warning("times of fetches are lost", metadata: [LogKey.error: "\(error)"])
      }
    }
  }

  func flush() async throws {
    let noted = waiting.withLock { waiting in
      defer { waiting = [:] }
      return Array(waiting)
    }
    guard !noted.isEmpty else { return }
    try await database.transaction { transaction in
      try await transaction.process(RecordFetches(subscriptionIds: noted.map(\.key), instants: noted.map(\.value)))
    }
  }
}
