import CoreMetrics
import Synchronization

/// A sum that only grows, of whole and of fractional steps. Steps below zero are ignored.
final class CounterSeries: Series, CounterHandler, FloatingPointCounterHandler {
  static let kind = MetricKind.counter
  private let whole = Atomic<Int64>(0)
  private let fractional = AtomicDouble()

  func increment(by amount: Int64) {
    guard amount > 0 else { return }
    whole.wrappingAdd(amount, ordering: .relaxed)
  }

  func increment(by amount: Double) {
    guard amount > 0 else { return }
    fractional.add(amount)
  }

  func reset() {
    whole.store(0, ordering: .relaxed)
    fractional.value = 0
  }

  func write(_ name: String, _ labels: String, into output: inout String) {
    output.writeSample(name, labels, Double(whole.load(ordering: .relaxed)) + fractional.value)
  }
}
