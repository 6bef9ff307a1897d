import ArgumentParser
import Platform
import Server
import SystemPackage

struct Dev: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Run everything on this machine: private PostgreSQL, Redis and RabbitMQ, demo data, and every worker.",
    discussion: """
      If DATABASE_URL, REDIS_URL, MQ_URL or SMTP_URL is set, it is used instead of a private server. Ctrl-C stops everything.
      dev.json and env.sh in the data folder tell scripts and shells what runs where.

      Examples:
        helium dev
        helium dev --data /var/tmp/helium --fresh --accounts 10000
        helium dev --ports any --only grpc node_api consumer
      """
  )

  /// Where workers listen.
  enum Ports: String, ExpressibleByArgument, CaseIterable {
    case `default`, any
  }

  @Option(help: "The folder for data.")
  var data = ".helium"

  @Flag(help: "Delete the data first.")
  var fresh = false

  @Option(help: "How many customers the demo data has, in addition to the first one.")
  var accounts = 50

  @Option(
    parsing: .upToNextOption,
    help: "Run only these workers: \(WorkMode.allCases.map(\.rawValue).joined(separator: ", "))."
  )
  var only: [WorkMode] = []

  @Option(help: "Use the usual ports, or any free ones.")
  var ports = Ports.default

  @Option(help: "Apply the migration files in a folder instead of the built-in ones.")
  var migrations: String?

  func run() async throws {
    let dev = DevCommand(
      directory: data,
      isFresh: fresh,
      accounts: accounts,
      only: only,
      anyPorts: ports == .any,
      migrations: migrations
    )
    try await dev.run { line in
      // Lines must show at once, also when a script reads them through a pipe.
      FileDescriptor.standardOutput.writeLine(line)
    }
  }
}
