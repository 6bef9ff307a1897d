import Foundation
import Testing

/// An installation that business.py has opened, and what is done with it from outside.
struct Business {
  let installation: Installation

  private var variables: [String: String] {
    [
      "STATE": installation.folder.appendingPathComponent("state.json").path,
      "LEDGER": Ledger.folder(of: installation).path,
      "STOP": installation.folder.appendingPathComponent("stop").path,
    ]
  }

  /// Sets up an operator, nodes, a product and customers; gRPC, consumer and mailer must run.
  init(in installation: Installation, customers: Int) async throws {
    self.installation = installation
    let opening = try installation.script(
      "business",
      [],
      variables.merging([
        "INVITATION": try await installation.invitation(), "CUSTOMERS": "\(customers)",
      ]) { $1 }
    )
    try await Self.expectSuccess(of: opening)
  }

  /// Starts a script that goes on from here.
  func script(_ name: String, _ arguments: [String] = [], _ further: [String: String] = [:]) throws
    -> ChildProcess
  {
    try installation.script(name, arguments, variables.merging(further) { $1 })
  }

  /// Runs a script that goes on from here to its end.
  func run(_ name: String, _ arguments: String...) async throws {
    try await Self.expectSuccess(of: installation.script(name, arguments, variables))
  }

  /// Lets load.py come to its end.
  func endLoad(_ load: ChildProcess) async throws {
    try Data().write(to: installation.folder.appendingPathComponent("stop"))
    try await Self.expectSuccess(of: load)
  }

  static func expectSuccess(of script: ChildProcess) async throws {
    let result = try await script.result()
    try #require(result.status == 0, "\(result.output)\(result.error)")
    print(result.output, terminator: "")
  }

  /// Waits until all work is done, ends the workers, and checks that nothing was lost or done
  /// twice.
  @discardableResult
  func settle(_ crew: Crew) async throws -> Ledger {
    let ledger = try await Ledger(of: installation, deaths: crew.deaths)
    try await ledger.waitUntilQuiet()
    try await crew.stop()
    try await ledger.addMails()
    let contradictions = try await ledger.contradictions()
    #expect(contradictions == [])

    let queues = try await installation.helium(["messages", "lag"])
    let waiting = queues.output.split(separator: "\n").filter { !$0.contains(": 0 waiting") }
    #expect(
      queues.status == 0 && !queues.output.isEmpty && waiting.isEmpty,
      "\(waiting)\(queues.error)"
    )
    let dead = try await installation.helium(["messages", "dead"])
    #expect(dead.output == "no dead letters\n", "\(dead.error)")
    return ledger
  }
}
