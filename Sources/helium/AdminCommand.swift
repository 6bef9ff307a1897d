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

    func run() {
      for line in HeliumProcess.permissionLines { print(line) }
    }
  }
}

extension Role: ExpressibleByArgument {}
