import Foundation
import Testing

/// Workers are killed with kill -9 while customers buy, readers get mail and nodes report. Nothing
/// is lost, and nothing done twice.
@Suite(.serialized) struct KillTests {
  /// What each worker is killed at least.
  private static let killsEach = 2
  private static let kills = 20

  @Test func `twenty kills at random instants lose nothing and bill nothing twice`() async throws {
    let seed =
      ProcessInfo.processInfo.environment["HELIUM_KILL_SEED"].flatMap(UInt64.init)
      ?? .random(in: .min ... .max)
    print("kills by HELIUM_KILL_SEED=\(seed)")
    var random = SeededRandom(seed: seed)
    var victims = Installation.modes.flatMap { Array(repeating: $0, count: Self.killsEach) }
    while victims.count < Self.kills {
      victims.append(Installation.modes.randomElement(using: &random) ?? "consumer")
    }
    victims.shuffle(using: &random)

    try await Installation.withOwn { installation in
      try await Crew.with(of: installation) { crew in
        let business = try await Business(in: installation, customers: 3)
        let load = try business.script("load", [])
        defer { load.kill() }
        for victim in victims {
          try await Task.sleep(for: .milliseconds(Int.random(in: 100...900, using: &random)))
          try await crew.killAndRestart(victim)
        }
        try await crew.waitUntilReady()
        try await business.endLoad(load)
        try await business.settle(crew)
      }
    }
  }

  /// A place where an effect and the word about it part, and what makes a worker pass there.
  struct Fault: CustomTestStringConvertible {
    let point: String
    let worker: String
    let cause: String
    var times = 1

    static let all = [
      Fault(point: "outbox-confirmed", worker: "consumer", cause: "orders"),
      Fault(point: "effect-committed", worker: "consumer", cause: "orders"),
      Fault(point: "mail-accepted", worker: "mailer", cause: "mails"),
      Fault(point: "report-committed", worker: "node_api", cause: "reports"),
      // The first is not answered, and the next have it in them.
      Fault(point: "report-committed", worker: "node_api", cause: "growing", times: 3),
    ]

    var testDescription: String { "\(point), \(cause)" }
    /// What makes it pass there, and nothing else; agents send their report until it is answered.
    var load: [String] {
      ["orders", "mails", "reports", "growing", "fetches"].map {
        "\($0)=\($0 == cause ? times : 0)"
      } + ["resends=200"]
    }
  }

  @Test(arguments: Fault.all)
  func
    `a worker that dies between an effect and the word about it loses nothing and does nothing twice`(
      fault: Fault
    ) async throws
  {
    try await Installation.withOwn { installation in
      try await Crew.with(["grpc", "consumer", "mailer", "node_api"], of: installation) { crew in
        let business = try await Business(in: installation, customers: 1)
        try await crew.restart(fault.worker, toDieAt: fault.point)
        let load = try business.script("load", fault.load)
        defer { load.kill() }
        try await crew.revive(fault.worker)
        try await Business.expectSuccess(of: load)
        try await business.settle(crew)
        #expect(crew.deaths == [fault.worker])
      }
    }
  }
}
