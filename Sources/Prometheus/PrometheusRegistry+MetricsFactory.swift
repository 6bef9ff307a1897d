package import CoreMetrics

extension PrometheusRegistry: MetricsFactory {
  package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    series(label, named: MetricName.counter(label), dimensions) { _ in CounterSeries() }
  }

  package func makeFloatingPointCounter(label: String, dimensions: [(String, String)])
    -> any FloatingPointCounterHandler
  {
    series(label, named: MetricName.counter(label), dimensions) { _ in CounterSeries() }
  }

  package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    series(label, named: MetricName.plain(label), dimensions) { _ in GaugeSeries() }
  }

  /// A recorder that does not aggregate is what swift-metrics calls a `Gauge`.
  package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool)
    -> any RecorderHandler
  {
    guard aggregate else {
      return series(label, named: MetricName.plain(label), dimensions) { _ in GaugeSeries() }
    }
    return series(label, named: MetricName.plain(label), dimensions) {
      HistogramSeries(buckets: $0 ?? Self.recorderBuckets)
    }
  }

  package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    series(label, named: MetricName.timer(label), dimensions) {
      HistogramSeries(buckets: $0 ?? Self.timerBuckets)
    }
  }

  package func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
  package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {
    remove(handler)
  }
  package func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
  package func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
  package func destroyTimer(_ handler: any TimerHandler) { remove(handler) }
}
