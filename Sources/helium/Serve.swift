import ArgumentParser
import Server

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run one worker until SIGTERM.",
    discussion: """
      Examples:
        helium serve --mode grpc
        WORK_MODE=consumer helium serve
      """)

  @Option(help: "The worker; WORK_MODE when absent: \(WorkMode.allCases.map(\.rawValue).joined(separator: ", ")).")
  var mode: WorkMode?

  func run() async throws {
    let process = try HeliumProcess(mode: mode)
    try await Worker.run(process.configuration, metrics: process.metrics, logger: process.logger)
  }
}

extension WorkMode: ExpressibleByArgument {}
