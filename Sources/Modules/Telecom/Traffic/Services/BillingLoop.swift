import Logging
import Platform
import ServiceLifecycle

/// Bills nodes' reports as they come in. Any number of workers may run one.
package struct BillingLoop: Service {
  /// Usage is to show within five seconds; asking PostgreSQL's partial index twice a second costs
  /// nothing.
  private static let pollInterval = Duration.milliseconds(500)
  /// After a failure, usually because the database is down.
  private static let pause = Duration.seconds(2)

  private let telecom: Telecom
  private let logger: Logger

  init(telecom: Telecom, logger: Logger) {
    self.telecom = telecom
    self.logger = logger
  }

  package func run() async throws {
    while !Task.isCancelled, !Task.isShuttingDownGracefully {
      let wait: Duration
      do {
        let billed = try await telecom.process(BillReports())
        wait = billed > 0 ? .zero : Self.pollInterval
      } catch {
        if !(error is CancellationError) {
          logger.error(
            "traffic could not be merged; it will be retried",
            metadata: [LogKey.error: "\(error)"]
          )
        }
        wait = Self.pause
      }
      guard wait > .zero else { continue }
      // The sleep ends early when the worker stops.
      try? await cancelWhenGracefulShutdown { try await Task.sleep(for: wait) }
    }
  }
}
