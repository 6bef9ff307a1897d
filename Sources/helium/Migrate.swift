import ArgumentParser
import Server

struct Migrate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Bring the database's schema up to date.",
    discussion: """
      Reads DATABASE_URL. Two runs at once are safe; a file that fails leaves the database as it was.

      Examples:
        helium migrate
        helium migrate status
        helium migrate --dry-run
      """
  )

  enum Action: String, ExpressibleByArgument, CaseIterable {
    case up, status
  }

  @Argument(help: "up applies what is pending, status lists it.")
  var action: Action = .up

  @Flag(help: "Say what would be applied, and apply nothing.")
  var dryRun = false

  @Option(help: "Apply the files of a folder instead of those built in.")
  var directory: String?

  func run() async throws {
    let schema = try SchemaCommand(directory: directory)
    switch (action, dryRun) {
    case (.up, false): try await schema.migrate { print($0) }
    case (.up, true): try await schema.plan { print($0) }
    case (.status, _): try await schema.status { print($0) }
    }
  }
}
