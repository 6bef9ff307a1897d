import ArgumentParser
import Platform
import Server

struct Seed: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Create data to try Helium with.",
    subcommands: [Demo.self]
  )

  struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Create an operator, nodes, packages, and customers with active packages.",
      discussion: """
        Existing data stays, so a second run adds only what is missing. The database must have no other customers.

        Examples:
          helium seed demo
          helium seed demo --accounts 100000
        """
    )

    @Option(help: "How many customers there should be, in addition to the first one.")
    var accounts = 1_000

    @Flag(help: "Add the demo data even if the database has other customers.")
    var force = false

    func validate() throws {
      guard (0...10_000_000).contains(accounts) else {
        throw ValidationError("--accounts must be from 0 to 10000000")
      }
    }

    func run() async throws {
      let process = try HeliumProcess(mode: .grpc)
      let start = ContinuousClock.now
      let demo = try await process.seedDemo(accounts: accounts, force: force)
      print(
        "\(demo.accounts) customers, \(demo.nodes.count) nodes; this run took \((ContinuousClock.now - start).components.seconds) s"
      )
      print("operator: API key \(demo.admin.apiKey)")
      print(
        "customer: \(demo.customer.email), password \(demo.customer.password), \(demo.customer.subscriptionURL ?? "")"
      )
      for node in demo.nodes { print("node \(node.id): \(node.type), token \(node.token)") }
    }
  }
}
