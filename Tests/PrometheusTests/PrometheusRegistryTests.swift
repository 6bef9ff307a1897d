import CoreMetrics
import Prometheus
import Testing

@Suite struct PrometheusRegistryTests {
  private let registry = PrometheusRegistry()

  @Test func `a counter sums whole and fractional steps, and its name ends in total`() {
    let whole = Counter(label: "shop.orders", dimensions: [("tenant", "a")], factory: registry)
    whole.increment(by: 2)
    whole.increment()
    FloatingPointCounter(label: "shop.orders", dimensions: [("tenant", "a")], factory: registry)
      .increment(by: 0.5)
    #expect(
      lines("shop_orders") == [
        "# HELP shop_orders_total shop orders total.", "# TYPE shop_orders_total counter",
        "shop_orders_total{tenant=\"a\"} 3.5",
      ]
    )
    #expect(lines("shop_orders_total_total").isEmpty)
    Counter(label: "done_total", factory: registry).increment()
    #expect(lines("done").last == "done_total 1")
  }

  @Test func `a counter never falls`() {
    let handler = registry.makeCounter(label: "c", dimensions: [])
    handler.increment(by: 5)
    handler.increment(by: -3)
    #expect(lines("c_total").last == "c_total 5")
    handler.reset()
    #expect(lines("c_total").last == "c_total 0")
  }

  @Test func `a gauge and a meter are gauges`() {
    let gauge = Gauge(label: "pool-size", factory: registry)
    gauge.record(5)
    gauge.record(2.25)
    #expect(lines("pool_size").dropFirst() == ["# TYPE pool_size gauge", "pool_size 2.25"])
    let meter = Meter(label: "level", factory: registry)
    meter.set(10)
    meter.increment(by: 2)
    meter.decrement(by: 0.5)
    #expect(lines("level").last == "level 11.5")
  }

  @Test func `a timer is a histogram in seconds`() {
    registry.describe("rpc.duration", "How long calls take.", buckets: [0.5, 0.1])
    let timer = Timer(label: "rpc.duration", dimensions: [("op", "get")], factory: registry)
    timer.recordMilliseconds(50)
    timer.recordMilliseconds(100)
    timer.recordMilliseconds(400)
    timer.recordSeconds(2)
    #expect(
      lines("rpc_duration_seconds") == [
        "# HELP rpc_duration_seconds How long calls take.", "# TYPE rpc_duration_seconds histogram",
        "rpc_duration_seconds_bucket{op=\"get\",le=\"0.1\"} 2",
        "rpc_duration_seconds_bucket{op=\"get\",le=\"0.5\"} 3",
        "rpc_duration_seconds_bucket{op=\"get\",le=\"+Inf\"} 4",
        "rpc_duration_seconds_sum{op=\"get\"} 2.55",
        "rpc_duration_seconds_count{op=\"get\"} 4",
      ]
    )
  }

  @Test func `a recorder that aggregates is a histogram in its own unit`() {
    let recorder = Recorder(label: "batch", factory: registry)
    recorder.record(3)
    recorder.record(Double.nan)
    #expect(
      lines("batch").contains("batch_bucket{le=\"1\"} 0")
        && lines("batch").contains("batch_bucket{le=\"4\"} 1")
    )
    #expect(lines("batch").suffix(2) == ["batch_sum 3", "batch_count 1"])
  }

  @Test
  func `metrics of one name and one set of labels are one, in whatever order the labels come`() {
    Counter(label: "c", dimensions: [("b", "2"), ("a", "1")], factory: registry).increment()
    Counter(label: "c", dimensions: [("a", "1"), ("b", "2")], factory: registry).increment()
    #expect(lines("c_total").last == "c_total{a=\"1\",b=\"2\"} 2")
  }

  @Test func `label values, label names and help are escaped`() {
    registry.describe("c", "a \\ and\na line")
    Counter(label: "c", dimensions: [("my.label", "a\\b\"c\nd")], factory: registry).increment()
    #expect(
      lines("c_total") == [
        "# HELP c_total a \\\\ and\\na line", "# TYPE c_total counter",
        "c_total{my_label=\"a\\\\b\\\"c\\nd\"} 1",
      ]
    )
  }

  @Test func `names that are not Prometheus's become so`() {
    Gauge(label: "1st größe:x", factory: registry).record(1)
    #expect(lines("_1st_gr__e:x").last == "_1st_gr__e:x 1")
    Timer(label: "t", dimensions: [("le", "x"), ("__name__", "y")], factory: registry)
      .recordSeconds(1)
    #expect(
      lines("t_seconds").contains("t_seconds_count{exported___name__=\"y\",exported_le=\"x\"} 1")
    )
  }

  @Test func `numbers that are not finite are written as Prometheus reads them`() {
    let gauge = Gauge(label: "g", factory: registry)
    for (value, text) in [
      (Double.nan, "NaN"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (1e300, "1e+300"),
      (1e15, "1000000000000000"),
    ] {
      gauge.record(value)
      #expect(lines("g").last == "g \(text)")
    }
  }

  @Test func `label sets over the limit are counted and not rendered`() {
    for index in 0..<PrometheusRegistry.maxSeriesPerMetric + 5 {
      Counter(label: "c", dimensions: [("id", "\(index)")], factory: registry).increment()
    }
    #expect(lines("c_total").count == 2 + PrometheusRegistry.maxSeriesPerMetric)
    #expect(
      lines("metrics_dropped_series_total").last
        == "metrics_dropped_series_total{metric=\"c_total\"} 5"
    )
    Counter(label: "c", dimensions: [("id", "0")], factory: registry).increment()
    #expect(lines("c_total").contains("c_total{id=\"0\"} 2"))
  }

  @Test func `a name that is a gauge already can't become a histogram`() {
    Gauge(label: "x", factory: registry).record(1)
    Recorder(label: "x", factory: registry).record(5)
    #expect(lines("x").dropFirst() == ["# TYPE x gauge", "x 1"])
    #expect(
      lines("metrics_dropped_series_total").last == "metrics_dropped_series_total{metric=\"x\"} 1"
    )
  }

  @Test func `a destroyed metric is not rendered any more`() {
    let counter = Counter(label: "c", dimensions: [("a", "1")], factory: registry)
    Counter(label: "c", dimensions: [("a", "2")], factory: registry).increment()
    counter.increment()
    counter.destroy()
    #expect(lines("c_total").dropFirst(2) == ["c_total{a=\"2\"} 1"])
  }

  @Test func `metrics that many tasks write lose nothing`() async {
    let (counter, timer) = (
      Counter(label: "c", factory: registry), Timer(label: "t", factory: registry)
    )
    let meter = Meter(label: "m", factory: registry)
    await withTaskGroup { group in
      for _ in 0..<8 {
        group.addTask {
          for _ in 0..<10_000 {
            counter.increment()
            timer.recordSeconds(1)
            meter.increment(by: 0.5)
          }
        }
      }
    }
    #expect(
      lines("c_total").last == "c_total 80000" && lines("t_seconds").last == "t_seconds_count 80000"
    )
    #expect(lines("m").last == "m 40000")
  }

  @Test func `the process tells of itself`() throws {
    let names = [
      "cpu_seconds_total", "resident_memory_bytes", "virtual_memory_bytes", "open_fds", "max_fds",
      "start_time_seconds",
    ]
    for name in names {
      let value = try #require(
        lines("process_\(name)").last?.split(separator: " ").last.flatMap { Double(String($0)) }
      )
      #expect(value > 0, "\(name)")
    }
  }

  /// The lines of the metric whose name starts so.
  private func lines(_ name: String) -> [String] {
    registry.render().split(separator: "\n").map(String.init).filter { line in
      let start = line.hasPrefix("# ") ? line.dropFirst(7) : line[...]
      guard start.hasPrefix(name) else { return false }
      let rest = start.dropFirst(name.count)
      let suffixes = ["", "_total", "_seconds", "_bucket", "_sum", "_count"]
      return suffixes.contains { rest.hasPrefix($0 + " ") || rest.hasPrefix($0 + "{") }
    }
  }
}
