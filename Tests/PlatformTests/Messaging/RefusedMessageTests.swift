import AMQP
import Platform
import Postgres
import TestKit
import Testing
import WorldKit

@testable import Platform

@Suite struct RefusedMessageTests {
  @Test func `a message that the broker refuses holds up no other, and no other is sent twice`()
    async throws
  {
    let labels = (0..<300).map(String.init)
    try await withMessaging { m, _ async throws in
      // The oldest: it would be in every batch.
      try await m.tally.transaction { tally in try await tally.publish(CountLater())
      }
      try await m.publish(labels)
      for _ in 0..<5 { _ = try await m.relay.relayBatch() }
      #expect(try await m.world.published().map(\.name) == [CountLater.name])
      try await m.waitForDepth(300, of: m.hook.queue)
      try await m.send(m.message("last"))
      try await m.waitForDepth(301, of: m.hook.queue)
    }
  }

  @Test func `a refused message is put off, each time for longer, and is never given up`()
    async throws
  {
    try await withMessaging { m, _ async throws in
      try await m.tally.transaction { tally in try await tally.publish(CountLater())
      }
      let pause =
        "SELECT round(extract(epoch FROM not_before - clock_timestamp()))::bigint FROM platform.outbox"
      #expect(try await m.relay.relayBatch() == 1)
      #expect(try await m.relay.relayBatch() == 0)
      try await m.world.execute("UPDATE platform.outbox SET refusals = 4, not_before = NULL")
      #expect(try await m.relay.relayBatch() == 1)
      // At 16 s, less what this machine needed to ask.
      #expect(try await (3...16).contains(m.world.number(pause)))
      try await m.world.execute(
        "UPDATE platform.outbox SET refusals = 2000000000, not_before = NULL"
      )
      #expect(try await m.relay.relayBatch() == 1)
      #expect(try await (17...60).contains(m.world.number(pause)))
    }
  }

  @Test func `messages that could not be sent for want of a broker aren't put off`() async throws {
    try await withMessaging { m, messaging async throws in
      try await m.publish(["a", "b"])
      let gone = try makeBroker(messaging.url)
      await gone.close()
      let relay = OutboxRelay(
        pool: m.world.client,
        broker: gone,
        tenant: MessagingWorld.tenant,
        worker: "test",
        logger: quiet
      )
      await #expect(throws: AMQPError.closed) { try await relay.relayBatch() }
      #expect(
        try await m.world.number(
          "SELECT count(*) FROM platform.outbox WHERE refusals = 0 AND not_before IS NULL"
        ) == 2
      )
      try await m.relayAll()
      try await m.waitForDepth(2, of: m.hook.queue)
    }
  }

  @Test func `a missing confirm is the message's own fault only where others were confirmed`() {
    let ids = (0..<2).map { _ in IdentifierSource(clock: .system).next(MessageID.self) }
    func outcome(_ first: AMQPError?, _ second: AMQPError?) -> BatchOutcome {
      BatchOutcome([.init(id: ids[0], error: first), .init(id: ids[1], error: second)])
    }
    let partly = outcome(.deadlineExceeded, nil)
    #expect(partly.confirmed == [ids[1]])
    #expect(partly.refused.map(\.id) == [ids[0]])
    #expect(partly.outage == nil)
    let none = outcome(.deadlineExceeded, .rejected)
    #expect(none.refused.map(\.id) == [ids[1]])
    #expect(none.outage as? AMQPError == .deadlineExceeded)
    let lost = outcome(.connectionLost, nil)
    #expect(lost.confirmed == [ids[1]])
    #expect(lost.refused.isEmpty)
    #expect(lost.outage as? AMQPError == .connectionLost)
  }
}
