import ArgumentParser
import Server
import SystemPackage

struct Dev: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Run everything on this machine: private PostgreSQL, Redis and RabbitMQ, demo data, and every worker.",
    discussion: """
      Whichever of DATABASE_URL, REDIS_URL, MQ_URL and SMTP_URL is set is used instead of a private server. Ctrl-C stops all of it.
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

  @Option(help: "Where data lives.")
  var data = ".helium"

  @Flag(help: "Drop the data first.")
  var fresh = false

  @Option(help: "How many customers the demo data has, beside the first.")
  var accounts = 50

  @Option(
    parsing: .upToNextOption,
    help: "Run these workers alone: \(WorkMode.allCases.map(\.rawValue).joined(separator: ", "))."
  )
  var only: [WorkMode] = []

  @Option(help: "The usual ports, or any that are free.")
  var ports = Ports.default

  @Option(help: "Apply the migration files of a folder instead of those built in.")
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
