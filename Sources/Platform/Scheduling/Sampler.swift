import AsyncAlgorithms
package import Logging
import ServiceLifecycle

/// Takes a sample of something at regular intervals, as services that measure what waits do.
package struct Sampler: Sendable {
  /// Whoever scales by what is measured looks a few times a minute.
  package static let usualInterval = Duration.seconds(5)

  private let failure: Logger.Message
  private let interval: Duration
  private let logger: Logger

  /// - Parameter failure: what is logged when a sample fails, such as "queues could not be
  ///   measured".
  package init(
    failure: Logger.Message,
    every interval: Duration = usualInterval,
    logger: Logger
  ) {
    self.failure = failure
    self.interval = interval
    self.logger = logger
  }

  /// Takes samples until graceful shutdown, the first after one interval. One that fails is logged,
  /// once for each outage, and the next is taken all the same.
  package func run(_ sample: () async throws -> Void) async {
    var isFailing = false
    for await _ in AsyncTimerSequence(interval: interval, clock: .continuous)
      .cancelOnGracefulShutdown()
    {
      do {
        try await sample()
        isFailing = false
      } catch {
        // `/readyz` tells the rest.
        if !isFailing { logger.warning(failure, metadata: [LogKey.error: "\(error)"]) }
        isFailing = true
      }
    }
  }
}
