import AMQP
import FoundationEssentials
import LocalServers
import Logging
import SystemPackage

/// Publishing persistent messages of 256 bytes to a durable queue with 256 of them unconfirmed, by
/// us and by a C program on the same library, in turn.
struct AMQPBenchmark {
  let servers: LocalServers
  let rounds: Rounds

  private static let window = 256
  private static let queue = "benchmark"
  private static let bodyLength = 256

  func section() async throws -> Report.Section {
    let program = try Program.built("confirmed-publish")
    let url = try servers.brokerAddress()
    var configuration = try AMQPConfiguration(url: url)
    configuration.publishWindow = Self.window
    let client = AMQPClient(configuration: configuration, logger: .silent)
    // The first runs are not counted: they connect, grow buffers, and tell how many messages a
    // round is.
    _ = try await ours(client, messages: 4 * Self.window)
    let messages = Int(try await limit(program, url, messages: 4_000)) * rounds.seconds
    let comparison = try await rounds.compare(
      ours: { try await ours(client, messages: messages) },
      limit: { try await limit(program, url, messages: messages) }
    )
    await client.close()
    return Report.Section(
      title: "RabbitMQ: ours / C program on rabbitmq-c",
      figures: [
        comparison.figure("confirmed publishing, window \(Self.window)", aim: 0.8, limitName: "C")
      ]
    )
  }

  private func limit(_ program: FilePath, _ url: String, messages: Int) async throws -> Double {
    guard let address = URLComponents(string: url), let host = address.host, let port = address.port
    else {
      throw Program.Failure(description: "no address of a broker: \(url)")
    }
    let output = try await Program.run(
      program,
      [
        host, "\(port)", address.user ?? "guest", address.password ?? "guest", "/", "\(messages)",
        "\(Self.window)",
      ]
    )
    guard let rate = Double(output.filter { $0 != "\n" }) else {
      throw Program.Failure(description: "\(program) printed \(output)")
    }
    return rate
  }

  /// Confirmed messages per second, from as many tasks as the window is wide.
  private func ours(_ client: AMQPClient, messages: Int) async throws -> Double {
    let message = AMQPMessage(body: Array(repeating: 0x78, count: Self.bodyLength))
    // An empty queue each time, as the C program has: a long one is slower.
    try await client.declare(AMQPTopology(queues: [.init(name: Self.queue)]))
    let elapsed = try await ContinuousClock().measure {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for publisher in 0..<Self.window {
          group.addTask {
            for _ in stride(from: publisher, to: messages, by: Self.window) {
              try await client.publish(message, exchange: "", routingKey: Self.queue)
            }
          }
        }
        try await group.waitForAll()
      }
    }
    try await client.delete(queue: Self.queue)
    return Double(messages) / elapsed.seconds
  }
}
