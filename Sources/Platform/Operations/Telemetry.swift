package import Logging
import Metrics
import Synchronization
import Tracing

/// Spans, latency histograms and log lines of operations: written once, here.
package enum Telemetry {
  /// The logger of the call or message under way, with its ids as metadata.
  @TaskLocal package static var logger = Logger(label: "helium")

  /// Runs `body` as one run of `operation`: in a span, with its latency and outcome measured and logged.
  package static func measured<O, R>(_ operation: O.Type, _ body: () async throws -> R) async throws -> R {
    let name = String(describing: operation)
    let start = ContinuousClock.now
    do {
      let result = try await withSpan(name) { _ in try await body() }
      finished(operation, name, start, outcome: "ok")
      return result
    } catch {
      finished(operation, name, start, outcome: (error as? any DomainError)?.kind.rawValue ?? "internal")
      throw error
    }
  }

  private static func finished<O>(_ operation: O.Type, _ name: String, _ start: ContinuousClock.Instant, outcome: String) {
    let duration = start.duration(to: .now)
    timer(operation, name, outcome).recordNanoseconds(duration.inNanoseconds)
    logger.debug(
      "operation finished",
      metadata: [LogKey.operation: "\(name)", LogKey.outcome: "\(outcome)", LogKey.durationMilliseconds: "\(duration.inSeconds * 1_000)"])
  }

  /// Records one duration of something that isn't an operation. The dimensions' values must be few.
  package static func record(_ duration: Duration, as label: String, _ dimensions: [(String, String)]) {
    Metrics.Timer(label: label, dimensions: dimensions).recordNanoseconds(duration.inNanoseconds)
  }

  private struct TimerKey: Hashable {
    let operation: ObjectIdentifier
    let outcome: String
  }

  private static let timers = Mutex<[TimerKey: Metrics.Timer]>([:])

  private static func timer<O>(_ operation: O.Type, _ name: String, _ outcome: String) -> Metrics.Timer {
    let key = TimerKey(operation: ObjectIdentifier(operation), outcome: outcome)
    return timers.withLock { timers in
      if let timer = timers[key] { return timer }
      let timer = Metrics.Timer(label: "helium_operation_duration_seconds", dimensions: [("operation", name), ("outcome", outcome)])
      timers[key] = timer
      return timer
    }
  }
}

extension Duration {
  fileprivate var inNanoseconds: Int64 {
    components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
  }
}
