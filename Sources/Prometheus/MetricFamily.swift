/// A metric with all its label sets.
struct MetricFamily: Sendable {
  /// As Prometheus knows it.
  let name: String
  /// As swift-metrics was given it, in Prometheus's characters.
  let label: String
  let kind: MetricKind
  /// What takes the values of label sets that are too many.
  let overflow: any Series
  /// By the rendered labels.
  var series: [String: any Series] = [:]
  var help: String?
  /// How often a series was asked for and refused.
  var dropped = 0

  init(name: String, label: String, kind: MetricKind, overflow: any Series) {
    self.name = name
    self.label = label
    self.kind = kind
    self.overflow = overflow
  }

  func write(into output: inout String) {
    guard !series.isEmpty else { return }
    output.writeHeader(name, kind, help ?? MetricName.words(name))
    for (labels, series) in series.sorted(by: { $0.key < $1.key }) {
      series.write(name, labels, into: &output)
    }
  }
}

/// The kinds of metric, as Prometheus calls them.
enum MetricKind: String, Sendable {
  case counter, gauge, histogram
}

/// The values of one metric with one set of labels.
protocol Series: AnyObject, Sendable {
  static var kind: MetricKind { get }
  func write(_ name: String, _ labels: String, into output: inout String)
}
