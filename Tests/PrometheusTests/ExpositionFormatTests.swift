import CoreMetrics
import Foundation
import Prometheus
import Testing

@Suite struct ExpositionFormatTests {
  private static let promtool = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(
    separator: ":"
  )
  .map { "\($0)/promtool" }
  .first { FileManager.default.isExecutableFile(atPath: $0) }

  @Test func `every sample comes after the type of its metric, and no metric comes twice`() throws {
    var types: Set<String> = []
    var current = ""
    for line in filledRegistry().render().split(separator: "\n") {
      let words = line.split(separator: " ")
      if line.hasPrefix("# TYPE ") {
        current = String(words[2])
        #expect(types.insert(current).inserted, "\(current)")
      } else if !line.hasPrefix("#") {
        #expect(line.hasPrefix(current))
        #expect(
          words.last.flatMap { Double(String($0)) } != nil || line.hasSuffix("Inf"),
          "\(line)"
        )
      }
    }
    #expect(types.count > 8)
  }

  @Test(.enabled(if: promtool != nil)) func `promtool has nothing to say`() throws {
    let process = Process()
    let (input, output) = (Pipe(), Pipe())
    process.executableURL = URL(filePath: try #require(Self.promtool))
    process.arguments = ["check", "metrics"]
    process.standardInput = input
    process.standardError = output
    process.standardOutput = output
    try process.run()
    input.fileHandleForWriting.write(Data(filledRegistry().render().utf8))
    try input.fileHandleForWriting.close()
    let complaints = String(
      decoding: output.fileHandleForReading.readDataToEndOfFile(),
      as: UTF8.self
    )
    process.waitUntilExit()
    #expect(process.terminationStatus == 0 && complaints.isEmpty, "\(complaints)")
  }

  private func filledRegistry() -> PrometheusRegistry {
    let registry = PrometheusRegistry()
    for value in ["plain", "with \"quotes\" \\ and\nline", "größe"] {
      Counter(label: "shop.orders", dimensions: [("kind", value)], factory: registry).increment()
      Timer(label: "rpc-duration", dimensions: [("operation", value)], factory: registry)
        .recordMilliseconds(3)
      Recorder(label: "batch_size", dimensions: [("queue", value)], factory: registry).record(100)
      Gauge(label: "temperature", dimensions: [("place", value)], factory: registry).record(-1.5e-7)
    }
    return registry
  }
}
