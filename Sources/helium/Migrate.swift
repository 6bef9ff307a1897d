import ArgumentParser
import Server

struct Migrate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Bring the database's schema up to date.",
    discussion: """
      Reads DATABASE_URL. It is safe to run twice at once. A file that fails leaves the database as it was.

      Examples:
        helium migrate
        helium migrate status
        helium migrate --dry-run
      """
  )

  enum Action: String, ExpressibleByArgument, CaseIterable {
    case up, status
  }

  @Argument(help: "up applies pending migrations, status lists them.")
  var action: Action = .up

  @Flag(help: "Print what would be applied, without applying it.")
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
