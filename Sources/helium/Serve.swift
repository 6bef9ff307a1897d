import ArgumentParser
import Platform
import Server

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run one worker until SIGTERM.",
    discussion: """
      Examples:
        helium serve --mode grpc
        WORK_MODE=consumer helium serve
      """
  )

  @Option(
    help:
      "The worker. Default: WORK_MODE. One of: \(WorkMode.allCases.map(\.rawValue).joined(separator: ", "))."
  )
  var mode: WorkMode?

  @Option(
    help: ArgumentHelp(
      "Stop when the process with this id, which started this one, has ended.",
      visibility: .hidden
    )
  )
  var parent: Int32?

  func run() async throws {
    try await HeliumProcess(mode: mode, isCommand: false).serve(parent: parent)
  }
}

extension WorkMode: ExpressibleByArgument {}
