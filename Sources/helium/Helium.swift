import ArgumentParser

/// `helium`: one binary that runs as one of several stateless workers, and the commands around it.
@main
struct Helium: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "helium",
    abstract: "The back end of a commercial VPN service.",
    discussion: """
      Without a subcommand, it runs the worker that WORK_MODE names.

      Examples:
        helium dev                       everything on this machine, to try it
        helium migrate                   bring the database's schema up to date
        WORK_MODE=grpc helium            one worker
        helium admin invite --role SuperAdmin
      """,
    subcommands: [
      Serve.self, Dev.self, Migrate.self, AdminCommand.self, Messages.self, NodeCommand.self,
      Seed.self, ConfigCommand.self,
    ],
    defaultSubcommand: Serve.self
  )
}
