import ArgumentParser
import Server
import SystemPackage

struct Dev: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run everything on this machine: private PostgreSQL, Redis and RabbitMQ, and every worker.",
    discussion: """
      Whichever of DATABASE_URL, REDIS_URL and MQ_URL is set is used instead of a private server. Ctrl-C stops all of it.

      Examples:
        helium dev
        helium dev --data /var/tmp/helium --fresh
      """)

  @Option(help: "Where data lives.")
  var data = ".helium"

  @Flag(help: "Drop the data first.")
  var fresh = false

  @Option(help: "Where the migration files are.")
  var migrations = "migrations"

  func run() async throws {
    try await DevCommand(directory: data, isFresh: fresh, migrations: migrations).run { line in
      // Lines must show at once, also when a script reads them through a pipe.
      FileDescriptor.standardOutput.writeLine(line)
    }
  }
}
