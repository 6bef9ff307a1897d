import AMQP
import Logging

/// Publishes `messages` persistent messages of 256 bytes to a durable queue, `window` of them unconfirmed at a time, and returns how many
/// the broker confirms per second. Compare with `confirmed_publish.c`, which does the same on the same library without tasks.
func amqpBenchmark(url: String, messages: Int, window: Int) async throws -> Double {
  var configuration = try AMQPConfiguration(url: url)
  configuration.publishWindow = window
  let client = AMQPClient(configuration: configuration, logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
  let queue = "benchmark"
  try await client.declare(AMQPTopology(queues: [.init(name: queue)]))
  // A first round that is not counted connects and grows the buffers.
  try await publish(window, to: queue, by: window, client)
  let clock = ContinuousClock()
  let elapsed = try await clock.measure { try await publish(messages, to: queue, by: window, client) }
  try await client.delete(queue: queue)
  await client.close()
  return Double(messages) / (elapsed / .seconds(1))
}

private func publish(_ messages: Int, to queue: String, by publishers: Int, _ client: AMQPClient) async throws {
  let message = AMQPMessage(body: Array(repeating: 0x78, count: 256))
  try await withThrowingTaskGroup(of: Void.self) { group in
    for publisher in 0..<publishers {
      group.addTask {
        for _ in stride(from: publisher, to: messages, by: publishers) {
          try await client.publish(message, exchange: "", routingKey: queue)
        }
      }
    }
    try await group.waitForAll()
  }
}
