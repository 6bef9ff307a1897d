import CoreMetrics
import Synchronization

/// How often values fell below each of some bounds, and their sum.
final class HistogramSeries: Series, RecorderHandler, TimerHandler {
  static let kind = MetricKind.histogram
  /// Ascending.
  private let bounds: [Double]
  private let state: Mutex<State>

  private struct State {
    /// One for each bound, and one for what is above all of them.
    var counts: [UInt64]
    var sum = 0.0
  }

  init(buckets: [Double]) {
    bounds = buckets
    state = Mutex(State(counts: Array(repeating: 0, count: buckets.count + 1)))
  }

  func record(_ value: Int64) { record(Double(value)) }

  func record(_ value: Double) {
    // A sum that is not a number would stay so.
    guard !value.isNaN else { return }
    let index = bounds.firstIndex { value <= $0 } ?? bounds.count
    state.withLock { state in
      state.counts[index] += 1
      state.sum += value
    }
  }

  func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

  func write(_ name: String, _ labels: String, into output: inout String) {
    let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
    let prefix = labels.isEmpty ? "" : labels + ","
    var total: UInt64 = 0
    for (index, count) in counts.enumerated() {
      total += count
      let bound = index < bounds.count ? bounds[index] : .infinity
      output.writeSample("\(name)_bucket", "\(prefix)le=\"\(String.number(bound))\"", Double(total))
    }
    output.writeSample("\(name)_sum", labels, sum)
    output.writeSample("\(name)_count", labels, Double(total))
  }
}
