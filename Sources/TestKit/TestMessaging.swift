import LocalServers
import Synchronization

/// A RabbitMQ virtual host of one test's own, empty at the start.
///
/// Each is used once, and what a test leaves in it dies with the process.
package struct TestMessaging: Sendable {
  package let virtualHost: String
  package let url: String

  package static func make() async throws -> TestMessaging {
    let servers = try await TestServers.shared.rabbitMQ()
    guard let url = servers.mqURL, let slash = url.lastIndex(of: "/") else {
      throw LocalServers.MissingServer.rabbitMQ
    }
    let name = try await VirtualHosts.shared.next()
    return TestMessaging(virtualHost: name, url: url[...slash] + name)
  }
}

/// Runs a test with a virtual host of its own.
package func withTestMessaging<Result>(_ body: (TestMessaging) async throws -> Result) async throws
  -> Result
{
  try await body(TestMessaging.make())
}

/// Hands out virtual hosts, which are made in batches since a call of `rabbitmqctl` takes seconds:
/// the first at the broker's start, each further one in the background when the one before runs
/// low.
final class VirtualHosts: Sendable {
  static let shared = VirtualHosts()

  static var firstBatch: [String] { names(ofBatch: 0) }

  /// Costs about a second of the broker's start.
  private static let batchSize = 64
  /// Begun when this many are left: tests in parallel take that many in the seconds it needs.
  private static let lowWater = 24

  private struct State {
    var handedOut = 0
    var batches: [StartedOnce<Void>] = []
  }
  private let state = Mutex(State())

  func next() async throws -> String {
    let (number, batch, following) = state.withLock { state in
      let number = state.handedOut
      state.handedOut += 1
      let batch = Self.batch(number / Self.batchSize, in: &state)
      let isLow = Self.batchSize - number % Self.batchSize <= Self.lowWater
      return (number, batch, isLow ? Self.batch(number / Self.batchSize + 1, in: &state) : nil)
    }
    following?.begin()
    try await batch.value
    return Self.name(number)
  }

  private static func batch(_ index: Int, in state: inout State) -> StartedOnce<Void> {
    while state.batches.count <= index {
      let new = state.batches.count
      state.batches.append(
        StartedOnce {
          guard new > 0 else { return }
          try await TestServers.shared.rabbitMQ().addVirtualHosts(names(ofBatch: new))
        }
      )
    }
    return state.batches[index]
  }

  private static func names(ofBatch index: Int) -> [String] {
    (index * batchSize..<(index + 1) * batchSize).map(name)
  }

  private static func name(_ number: Int) -> String { "test_\(number)" }
}
