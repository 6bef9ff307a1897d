import Contracts
import Logging
import Platform
import ServiceLifecycle
import Synchronization

/// Records when links were fetched and by whom, in batches, since a write for every fetch would
/// cost more than the fetch.
package final class FetchRecorder: Service {
  private static let interval = Duration.seconds(5)
  /// Links that wait to be noted; more are fetched without a note.
  private static let maxLinks = 20_000
  /// Fetches that wait for the access log: some megabytes. Of more, only the time is noted.
  private static let maxFetches = 20_000

  private struct Waiting {
    /// What one client fetches again meanwhile counts once, so that nobody fills the log by
    /// fetching fast.
    var links: [Subscription.ID: [SubscriptionFetch: Instant]] = [:]
    var lastFetches: [Subscription.ID: Instant] = [:]
    var fetches = 0
    /// How often each link was fetched from each address.
    var counts: [Subscription.ID: [String: Int64]] = [:]

    /// Of a link that is fetched from very many addresses at once, only the number of fetches is
    /// noted.
    mutating func count(_ address: String, of subscription: Subscription.ID) {
      let known = counts[subscription, default: [:]]
      let isNoted = known[address] != nil || known.count < SubscriptionFetch.maxKept
      counts[subscription, default: [:]][isNoted ? address : "", default: 0] += 1
    }
  }

  private let database: DatabaseProcessor
  private let settings: Settings<TelecomSettings>
  private let logger: Logger
  private let waiting = Mutex(Waiting())

  init(database: DatabaseProcessor, settings: Settings<TelecomSettings>, logger: Logger) {
    self.database = database
    self.settings = settings
    self.logger = logger
  }

  func note(_ fetch: SubscriptionFetch, of subscription: Subscription.ID, at instant: Instant) {
    waiting.withLock { waiting in
      guard waiting.lastFetches.count < Self.maxLinks || waiting.lastFetches[subscription] != nil
      else { return }
      waiting.lastFetches[subscription] = instant
      waiting.count(fetch.address, of: subscription)
      let isFull =
        waiting.fetches >= Self.maxFetches
        || waiting.links[subscription]?.count ?? 0 >= SubscriptionFetch.maxKept
      guard !isFull || waiting.links[subscription]?[fetch] != nil else { return }
      if waiting.links[subscription, default: [:]].updateValue(instant, forKey: fetch) == nil {
        waiting.fetches += 1
      }
    }
  }

  /// Writes what was noted every few seconds, and once more at shutdown.
  package func run() async throws {
    while !Task.isCancelled, !Task.isShuttingDownGracefully {
      // The sleep ends early when the worker stops.
      try? await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.interval) }
      do {
        try await flush()
      } catch {
        logger.warning("recorded fetches were lost", metadata: [LogKey.error: "\(error)"])
      }
    }
  }

  func flush() async throws {
    let noted = waiting.withLock { waiting in
      defer { waiting = Waiting() }
      return waiting
    }
    guard !noted.lastFetches.isEmpty else { return }
    let last = Array(noted.lastFetches)
    try await database.transaction { transaction in
      try await transaction.process(
        Subscription.MarkFetched(subscriptionIDs: last.map(\.key), instants: last.map(\.value))
      )
    }
    // In a transaction of its own: it need not hold the subscriptions' rows.
    let fetches = noted.links.flatMap { subscription, fetches in
      fetches.map { (subscription: subscription, fetch: $0, at: $1) }
    }
    try await database.transaction { transaction in
      try await transaction.process(
        SubscriptionFetch.InsertMany(
          subscriptionIDs: fetches.map(\.subscription),
          instants: fetches.map(\.at),
          addresses: fetches.map(\.fetch.address),
          userAgents: fetches.map(\.fetch.userAgent),
          formats: fetches.map(\.fetch.format)
        )
      )
      _ = try await transaction.process(
        SubscriptionFetch.Forget(
          kept: Int64(SubscriptionFetch.maxKept),
          subscriptionIDs: Array(noted.links.keys)
        )
      )
    }
    let counts = noted.counts.flatMap { subscription, counts in
      counts.map {
        (subscription: subscription, address: $0, fetches: $1, at: noted.lastFetches[subscription])
      }
    }
    try await database.process(
      SubscriptionFetch.AddDays(
        timeZone: settings().timeZone,
        subscriptionIDs: counts.map(\.subscription),
        instants: counts.compactMap(\.at),
        addresses: counts.map(\.address),
        fetches: counts.map(\.fetches),
        maxAddresses: SubscriptionFetch.maxDayAddresses
      )
    )
  }
}
