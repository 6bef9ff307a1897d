import Testing

@testable import Prometheus

@Suite struct ProcessMetricsTests {
  private let stat = """
    4242 (my (odd) name) S 1 4242 4242 0 -1 4194560 9000 0 12 0 250 50 0 0 20 0 9 0 360000 104857600 2560 18446744073709551615 1 1 0
    """

  @Test func `times and sizes are read from the kernel's texts, whatever the program's name`()
    throws
  {
    let metrics = try #require(
      ProcessMetrics(
        stat: stat,
        systemStat: "cpu  1 2 3\nbtime 1700000000\nprocesses 9\n",
        ticksPerSecond: 100,
        pageSize: 4_096,
        openFiles: 7,
        maxFiles: 1_024
      )
    )
    #expect(
      metrics.cpuSeconds == 3 && metrics.residentMemory == 2_560 * 4_096
        && metrics.virtualMemory == 104_857_600
    )
    #expect(metrics.startTime == 1_700_003_600 && metrics.openFiles == 7)
  }

  @Test func `a text of another form is no metrics`() {
    for text in ["", "4242 (x", "4242 (x) S 1 2"] {
      #expect(
        ProcessMetrics(
          stat: text,
          systemStat: "",
          ticksPerSecond: 100,
          pageSize: 4_096,
          openFiles: nil,
          maxFiles: nil
        ) == nil
      )
    }
  }
}
