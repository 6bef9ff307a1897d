import Logging
import Platform
import Synchronization

/// How a call ended and how long it took, recorded once.
final class CallOutcome: Sendable {
  private let method: String
  private let logger: Logger
  private let start = ContinuousClock.now
  private let isRecorded = Atomic(false)

  init(method: String, logger: Logger) {
    self.method = method
    self.logger = logger
  }

  /// gRPC never asks for the messages of an answer whose client has gone.
  deinit { record("cancelled") }

  /// Records the code of the call's status. The first one counts.
  func record(_ code: String) {
    guard !isRecorded.exchange(true, ordering: .relaxed) else { return }
    let duration = start.duration(to: .now)
    Telemetry.record(
      duration,
      as: "helium_rpc_duration_seconds",
      [("method", method), ("code", code)]
    )
    logger.debug(
      "call finished",
      metadata: [
        LogKey.outcome: "\(code)",
        LogKey.durationMilliseconds: "\(duration.inSeconds * 1_000)",
      ]
    )
  }
}
