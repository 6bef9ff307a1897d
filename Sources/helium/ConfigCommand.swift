import ArgumentParser
import Server

struct ConfigCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "config", abstract: "Configuration.", subcommands: [Check.self])

  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Validate the environment and the stored settings, and say how to mend what is wrong.")

    func run() async throws {
      let process = try HeliumProcess(mode: nil)
      print(try await process.checkConfiguration())
    }
  }
}
