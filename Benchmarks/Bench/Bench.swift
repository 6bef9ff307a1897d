import ArgumentParser

/// `bench`: what Helium's speed is, each figure beside its limit in the same run.
@main
struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Measure, as ratios to each limit in the same run.")

  func run() async throws {
    formatsBenchmark()
  }
}
