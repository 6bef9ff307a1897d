import AMQP
import Logging
import TestKit

/// The largest wait of a test: it bounds a hang, and says nothing about speed.
let patience: Duration = .seconds(60)

/// A client of the given broker. Tests that don't wait on purpose have a long deadline, since test
/// machines are slow.
func makeClient(_ url: String, _ configure: (inout AMQPConfiguration) -> Void = { _ in }) throws
  -> AMQPClient
{
  var configuration = try AMQPConfiguration(url: url)
  configuration.defaultDeadline = patience
  configure(&configuration)
  var logger = Logger(label: "amqp.tests")
  logger.logLevel = .critical
  return AMQPClient(configuration: configuration, logger: logger)
}

/// Runs a test with a client of a virtual host of its own, and closes it.
func withClient(_ body: (AMQPClient) async throws -> Void) async throws {
  try await withTestMessaging { messaging in
    let client = try makeClient(messaging.url)
    do {
      try await body(client)
    } catch {
      await client.close()
      throw error
    }
    await client.close()
  }
}

extension AMQPTopology {
  /// One durable queue, of the given type.
  static func queue(
    _ name: String,
    type: String = "classic",
    _ arguments: [String: AMQPHeaderValue] = [:]
  ) -> AMQPTopology {
    AMQPTopology(queues: [
      Queue(name: name, arguments: arguments.merging(["x-queue-type": .string(type)]) { $1 })
    ])
  }
}

extension AMQPClient {
  /// Publishes to a queue by the default exchange.
  func put(_ text: String, into queue: String, deadline: Duration? = nil) async throws {
    try await publish(
      AMQPMessage(body: Array(text.utf8)),
      exchange: "",
      routingKey: queue,
      deadline: deadline
    )
  }

  /// Waits until the queue's depth is as wished.
  func waitForDepth(of queue: String, _ isWished: (_ messages: Int, _ consumers: Int) -> Bool)
    async throws
  {
    while true {
      let depth = try await queueDepth(queue)
      if isWished(depth.messages, depth.consumers) { return }
      try await Task.sleep(for: .milliseconds(20))
    }
  }
}

extension AMQPDelivery {
  var text: String { String(decoding: message.body, as: UTF8.self) }
}
