import CoreMetrics

/// A value that goes up and down.
final class GaugeSeries: Series, MeterHandler, RecorderHandler {
  static let kind = MetricKind.gauge
  private let current = AtomicDouble()

  func set(_ value: Int64) { current.value = Double(value) }
  func set(_ value: Double) { current.value = value }
  func increment(by amount: Double) { current.add(amount) }
  func decrement(by amount: Double) { current.add(-amount) }
  func record(_ value: Int64) { current.value = Double(value) }
  func record(_ value: Double) { current.value = value }

  func write(_ name: String, _ labels: String, into output: inout String) {
    output.writeSample(name, labels, current.value)
  }
}
