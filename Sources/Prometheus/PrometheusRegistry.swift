import Synchronization

/// All metrics of a process: what swift-metrics writes to, and what Prometheus reads.
///
/// Bootstrap it with `MetricsSystem.bootstrap(registry)` before the first metric is made, and
/// answer `/metrics` with ``render()`` as ``contentType``. Format:
/// https://prometheus.io/docs/instrumenting/exposition_formats/ (text, version 0.0.4).
package final class PrometheusRegistry: Sendable {
  /// The media type of ``render()``.
  package static let contentType = "text/plain; version=0.0.4; charset=utf-8"
  /// The most label sets that one metric may have. Prometheus keeps each as a time series of its
  /// own, and a label whose values come from outside would make them without end.
  package static let maxSeriesPerMetric = 1_000
  /// Upper bounds of a timer's buckets, in seconds: from a cache's answer to a slow page.
  package static let timerBuckets = [
    0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
  ]
  /// Upper bounds of a recorder's buckets: for counts and sizes.
  package static let recorderBuckets: [Double] = [
    1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576,
  ]

  private let state = Mutex(State())

  private struct State {
    var families: [String: MetricFamily] = [:]
    var descriptions: [String: Description] = [:]
  }

  private struct Description {
    let help: String
    let buckets: [Double]?
  }

  package init() {}

  /// Says what a metric means, and for a timer (in seconds) or recorder which buckets it has.
  ///
  /// The name is the one given to swift-metrics. Buckets hold for metrics that are made later.
  package func describe(_ name: String, _ help: String, buckets: [Double]? = nil) {
    let description = Description(help: help, buckets: buckets?.sorted())
    state.withLock { $0.descriptions[MetricName.plain(name)] = description }
  }

  /// Everything that was recorded, and what the system knows of the process, in the order of the
  /// names.
  package func render() -> String {
    let families = state.withLock { state in
      for name in state.families.keys {
        guard let label = state.families[name]?.label else { continue }
        state.families[name]?.help =
          state.descriptions[label]?.help ?? state.descriptions[name]?.help
      }
      return state.families.values.sorted { $0.name < $1.name }
    }
    var output = ""
    output.reserveCapacity(4_096 + families.reduce(0) { $0 + $1.series.count * 256 })
    for family in families { family.write(into: &output) }
    writeDropped(families, into: &output)
    ProcessMetrics.current?.write(into: &output)
    return output
  }

  /// The series of a metric with these labels, made when it is new.
  ///
  /// A series over the limit, or of a metric that is already of another kind, works but is not
  /// rendered.
  func series<S: Series>(
    _ label: String,
    named name: String,
    _ dimensions: [(String, String)],
    _ make: (_ buckets: [Double]?) -> S
  ) -> S {
    let plain = MetricName.plain(label)
    let labels = LabelSet.render(dimensions, reserving: S.kind == .histogram ? "le" : nil)
    return state.withLock { state in
      let buckets = (state.descriptions[plain] ?? state.descriptions[name])?.buckets
      var family =
        state.families[name]
        ?? MetricFamily(name: name, label: plain, kind: S.kind, overflow: make(buckets))
      defer { state.families[name] = family }
      if let known = family.series[labels] as? S { return known }
      guard family.kind == S.kind else {
        family.dropped += 1
        return make(buckets)
      }
      guard family.series.count < Self.maxSeriesPerMetric else {
        family.dropped += 1
        return family.overflow as? S ?? make(buckets)
      }
      let new = make(buckets)
      family.series[labels] = new
      return new
    }
  }

  /// Forgets a series. Who still has it writes into the void.
  func remove(_ series: AnyObject) {
    state.withLock { state in
      for (name, family) in state.families {
        guard let labels = family.series.first(where: { $0.value === series })?.key else {
          continue
        }
        state.families[name]?.series[labels] = nil
        return
      }
    }
  }

  private func writeDropped(_ families: [MetricFamily], into output: inout String) {
    let name = "metrics_dropped_series_total"
    output.writeHeader(
      name,
      .counter,
      "Series that were refused because their metric had too many, or was of another kind."
    )
    for family in families where family.dropped > 0 {
      output.writeSample(
        name,
        LabelSet.render([("metric", family.name)], reserving: nil),
        Double(family.dropped)
      )
    }
  }
}
