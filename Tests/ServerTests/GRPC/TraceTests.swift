import AMQP
import GRPCCore
import Logging
import Platform
import Postgres
import TestKit
import Testing
import WorldKit

@testable import Server

/// A trace begins at a caller and is found at everything that its call causes.
@Suite struct TraceTests {
  private struct Traced: Event {
    static let name = "test.thing.traced.v1"
  }

  private struct TracedModule: Module {
    static let name = "test"

    var database: DatabaseProcessor
    let gate: CallGate
  }

  private struct LogThat: EventHandler {
    static let line = "the hook ran"

    func handle(_ event: Traced, in module: InTransaction<TracedModule>) async throws {
      Telemetry.logger.info("\(Self.line)")
    }
  }

  @Test func `the log line of a hook has the trace and the request id of the RPC that caused it`()
    async throws
  {
    try await withWorld { world in
      let messaging = try await TestMessaging.make()
      let log = CapturedLog()
      let broker = AMQPClient(
        configuration: try AMQPConfiguration(url: messaging.url),
        logger: log.logger
      )
      let hook = Hook(
        LogThat(),
        named: "test.log_that",
        in: TracedModule(database: world.database, gate: world.gate())
      )
      try await broker.declare(.helium(hooks: [hook]))

      try await ProbeServer.run(answer: {
        try await world.database.transaction { transaction in
          try await transaction.publish(Traced())
        }
      }) { server in
        try await server.ask([
          "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
          "x-request-id": "request-1",
        ])
      }
      _ = try await OutboxRelay(
        pool: world.client,
        broker: broker,
        tenant: "t",
        worker: "test",
        logger: log.logger
      ).relayBatch()
      let consumer = MessageConsumer(
        hook: hook,
        pool: world.client,
        signal: nil,
        broker: broker,
        tenant: "t",
        clock: .system,
        logger: log.logger,
        slots: HandlerSlots(poolSize: 10)
      )
      let line = try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try? await consumer.run() }
        defer { group.cancelAll() }
        while true {
          if let line = log.lines.first(where: { $0["message"] == LogThat.line }) { return line }
          try await Task.sleep(for: .milliseconds(20))
        }
      }
      #expect(line[LogKey.traceID] == "0af7651916cd43dd8448eb211c80319c")
      #expect(line[LogKey.queue] == hook.queue)
      #expect(line[LogKey.requestID] == "request-1")
      await broker.close()
    }
  }
}
