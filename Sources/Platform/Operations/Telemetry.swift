package import Logging
import Metrics
import Synchronization
import Tracing

/// Spans, latency histograms and log lines of operations: written once, here.
package enum Telemetry {
  /// The logger of the call or message under way, with its ids as metadata.
  @TaskLocal package static var logger = Logger(label: "helium")

  /// Runs `body` as one run of `operation`: in a span, with its latency and outcome measured and
  /// logged.
  package static func measured<O, R>(_ operation: O.Type, _ body: () async throws -> R) async throws
    -> R
  {
    let start = ContinuousClock.now
    do {
      let result =
        isTraced
        ? try await withSpan(String(describing: operation)) { _ in try await body() }
        : try await body()
      finished(operation, start, outcome: "ok")
      return result
    } catch {
      finished(operation, start, outcome: (error as? any DomainError)?.kind.rawValue ?? "internal")
      throw error
    }
  }

  /// Whether anything takes spans. Looking for it costs microseconds, and a process decides once,
  /// before its first operation.
  private static let isTraced = !(InstrumentationSystem.tracer is NoOpTracer)

  private static func finished<O>(
    _ operation: O.Type,
    _ start: ContinuousClock.Instant,
    outcome: String
  ) {
    let duration = start.duration(to: .now)
    timer(operation, outcome).recordNanoseconds(duration.inNanoseconds)
    logger.debug(
      "operation finished",
      metadata: [
        LogKey.operation: "\(operation)", LogKey.outcome: "\(outcome)",
        LogKey.durationMilliseconds: "\(duration.inSeconds * 1_000)",
      ]
    )
  }

  /// Records one duration of something that isn't an operation. The dimensions' values must be few.
  package static func record(
    _ duration: Duration,
    as label: String,
    _ dimensions: [(String, String)]
  ) {
    timer(label, dimensions).recordNanoseconds(duration.inNanoseconds)
  }

  /// Adds to a counter. The dimensions' values must be few.
  package static func count(_ amount: Int, as label: String, _ dimensions: [(String, String)] = [])
  {
    Metrics.Counter(label: label, dimensions: dimensions).increment(by: amount)
  }

  /// Records a number or a size among others of its kind.
  package static func record(_ amount: Int, as label: String) {
    Metrics.Recorder(label: label).record(amount)
  }

  /// Sets a gauge: how much there is of something now.
  package static func gauge(_ value: Double, as label: String) {
    Metrics.Meter(label: label).set(value)
  }

  private struct TimerKey: Hashable {
    let operation: ObjectIdentifier
    let outcome: String
  }

  // Making a timer costs microseconds, and a name its part of them: both are kept.
  private static let timers = Mutex<[TimerKey: Metrics.Timer]>([:])
  private static let otherTimers = Mutex<[[String]: Metrics.Timer]>([:])

  private static func timer<O>(_ operation: O.Type, _ outcome: String) -> Metrics.Timer {
    let key = TimerKey(operation: ObjectIdentifier(operation), outcome: outcome)
    return timers.withLock { timers in
      if let timer = timers[key] { return timer }
      let timer = Metrics.Timer(
        label: "helium_operation_duration_seconds",
        dimensions: [("operation", String(describing: operation)), ("outcome", outcome)]
      )
      timers[key] = timer
      return timer
    }
  }

  private static func timer(_ label: String, _ dimensions: [(String, String)]) -> Metrics.Timer {
    var key = [label]
    for (name, value) in dimensions { key += [name, value] }
    return otherTimers.withLock { timers in
      if let timer = timers[key] { return timer }
      let timer = Metrics.Timer(label: label, dimensions: dimensions)
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
