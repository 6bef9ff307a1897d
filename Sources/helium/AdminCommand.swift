import ArgumentParser
import Platform
import Server

struct AdminCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "admin",
    abstract: "Operators.",
    subcommands: [Invite.self, Permissions.self]
  )

  struct Invite: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print a registration token for an operator.",
      discussion: """
        Example:
          helium admin invite --role SuperAdmin
        """
    )

    @Option(
      help: "What the operator may do: \(Role.allCases.map(\.rawValue).joined(separator: ", "))."
    )
    var role: Role

    func run() async throws {
      let process = try HeliumProcess(mode: .grpc)
      print(try await process.inviteAdmin(role))
    }
  }

  struct Permissions: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print which roles may do what.")

    @Flag(help: "Print the page docs/permissions.md, with the RPCs of each permission.")
    var markdown = false

    func run() {
      let report = PermissionReport()
      if markdown {
        print(report.markdown, terminator: "")
      } else {
        for line in report.lines { print(line) }
      }
    }
  }
}

extension Role: ExpressibleByArgument {}
