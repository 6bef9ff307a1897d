import ArgumentParser
import Platform
import Server

struct ConfigCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "Configuration.",
    subcommands: [Check.self]
  )

  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "Check the environment and the stored settings, and explain how to fix what is wrong.",
      discussion: """
        Without WORK_MODE, it checks the environment for every worker.

        Examples:
          helium config check
          WORK_MODE=grpc helium config check
        """
    )

    func run() async throws {
      let process = try HeliumProcess(mode: nil, fallback: .all)
      print(try await process.checkConfiguration())
    }
  }
}
