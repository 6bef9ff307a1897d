import ArgumentParser
import Platform
import Server

struct Messages: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Queues and dead letters.",
    discussion: """
      Examples:
        helium messages lag
        helium messages dead
        helium messages show 0199f6…
        helium messages replay 0199f6… 0199f7…
      """
  )

  enum Action: String, ExpressibleByArgument, CaseIterable {
    case lag, dead, show, replay
  }

  @Argument(
    help: "lag: how many messages wait; dead: dead letters; show and replay: by message id."
  )
  var action: Action

  @Argument(help: "Message ids.")
  var ids: [String] = []

  func run() async throws {
    let process = try HeliumProcess(mode: .consumer)
    switch action {
    case .lag: for line in try await process.queueLines() { print(line) }
    case .dead: for line in try await process.deadLetterLines() { print(line) }
    case .show: for line in try await process.deadLetterLines(showing: Set(ids)) { print(line) }
    case .replay: for line in try await process.replay(Set(ids)) { print(line) }
    }
  }
}
