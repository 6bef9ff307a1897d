import ArgumentParser
import Server

struct NodeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "node",
    abstract: "Node agents.",
    subcommands: [Check.self]
  )

  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Ask the node API as an agent would, and report the answers.",
      discussion: """
        It asks twice for the configuration and for the users. It reports no traffic.

        Examples:
          helium node check 1
          helium node check 7 --token 3J5… --url https://nodes.example.org
        """
    )

    @Argument(help: "The node server's id.")
    var id: Int32

    @Option(help: "The address of the node API. Default: NODE_API_LISTEN.")
    var url: String?

    @Option(help: "The node's token. Not needed for nodes of the demo data.")
    var token: String?

    func run() async throws {
      let report = try await NodeCheck(node: id, url: url, token: token).run()
      for fact in report.facts { print(fact) }
      guard report.problems.isEmpty else {
        for problem in report.problems { print("problem: \(problem)") }
        throw ExitCode.failure
      }
      print("no problems")
    }
  }
}
