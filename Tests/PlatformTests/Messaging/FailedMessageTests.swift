import AMQP
import Platform
import TestKit
import Testing
import WorldKit

@testable import Platform

@Suite struct FailedMessageTests {
  private func letters(_ m: MessagingWorld, _ count: Int = 1) async throws -> [DeadLetter] {
    try await m.waitForDepth(count, of: ExchangeName.deadLetters)
    return try await DeadLetters(broker: m.broker).list(limit: 100)
  }

  @Test func `a message that failed is tried again after its delay`() async throws {
    let failures = FailingCalls(1)
    try await withMessaging(failures) { m, _ async throws in
      try await m.send(m.message())
      try await m.whileConsuming { try await eventually { try await m.tally.count() == 1 } }
      #expect(failures.calls == 2)
      #expect(try await m.depth(ExchangeName.deadLetters) == 0)
    }
  }

  @Test func `after its last try it is a dead letter that says why, and none of its effects stay`()
    async throws
  {
    let failures = FailingCalls(100)
    try await withMessaging(failures) { m, _ async throws in
      let message = m.message()
      try await m.send(message)
      try await m.whileConsuming {
        let letter = try #require(try await letters(m).first)
        #expect(letter.id == message.messageID)
        #expect(letter.name == LabelCounted.name)
        #expect(letter.queue == m.hook.queue)
        #expect(letter.failure == "Failure()")
        #expect(letter.attempts == 2)
        #expect(letter.body == message.body)
      }
      #expect(failures.calls == 2)
      #expect(try await m.tally.count() == 0)
      #expect(try await m.world.number("SELECT count(*) FROM platform.inbox") == 0)
      #expect(try await m.depth(m.hook.queue) == 0)
    }
  }

  @Test func `what a handler discards isn't tried again`() async throws {
    let failures = FailingCalls(100, Discard("pointless"))
    try await withMessaging(failures) { m, _ async throws in
      try await m.send(m.message())
      try await m.whileConsuming {
        let letter = try #require(try await letters(m).first)
        #expect(letter.failure.contains("pointless"))
        #expect(letter.attempts == 1)
      }
      #expect(failures.calls == 1)
      #expect(try await m.tally.count() == 0)
    }
  }

  @Test
  func `messages of another tenant, without an id or of no meaning are given up, and others go on`()
    async throws
  {
    try await withMessaging { m, _ async throws in
      try await m.send(m.message("foreign", tenant: "other"))
      var nameless = m.message("nameless")
      nameless.messageID = nil
      try await m.send(nameless)
      var meaningless = m.message()
      meaningless.body = Array("{".utf8)
      try await m.send(meaningless)
      try await m.send(m.message("good"))
      try await m.whileConsuming {
        let failures = try await letters(m, 3).map(\.failure).joined(separator: "\n")
        #expect(failures.contains("to tenant other"))
        #expect(failures.contains("message_id"))
        #expect(failures.contains("the body is not a valid LabelCounted"))
        try await eventually { try await m.tally.count("good") == 1 }
      }
      #expect(try await m.world.number("SELECT count(*) FROM tally") == 1)
    }
  }

  @Test func `listing dead letters leaves them where they are`() async throws {
    try await withMessaging(FailingCalls(100, Discard("no"))) { m, _ async throws in
      for label in ["1", "2", "3"] { try await m.send(m.message(label)) }
      try await m.whileConsuming { _ = try await letters(m, 3) }
      let dead = DeadLetters(broker: m.broker)
      #expect(try await dead.list(limit: 2).count == 2)
      try await m.waitForDepth(3, of: ExchangeName.deadLetters)
      #expect(try await dead.list(limit: 100).count == 3)
    }
  }

  @Test func `a letter that is given up again is replayed once`() async throws {
    let failures = FailingCalls(1_000, Discard("never"))
    try await withMessaging(failures) { m, _ async throws in
      // The letters behind it give the replayed one time to come back while they are looked at.
      let messages = (0..<40).map { m.message(String($0)) }
      for message in messages { try await m.send(message) }
      try await m.whileConsuming {
        _ = try await letters(m, 40)
        let id = try #require(messages[0].messageID)
        #expect(try await DeadLetters(broker: m.broker).replay([id]) == [id])
        try await m.waitForDepth(40, of: ExchangeName.deadLetters)
      }
      #expect(failures.calls == 41)
    }
  }

  @Test func `two queues that gave up the same message have a letter each, and both are replayed`()
    async throws
  {
    try await withMessaging { m, _ async throws in
      for queue in ["first", "second"] {
        try await m.broker.declare(AMQPTopology(queues: [.init(name: queue)]))
        var message = m.message()
        message.messageID = "one"
        message.headers[MessageHeader.failedQueue] = .string(queue)
        try await m.broker.publish(message, exchange: "", routingKey: ExchangeName.deadLetters)
      }
      try await m.waitForDepth(2, of: ExchangeName.deadLetters)
      #expect(try await DeadLetters(broker: m.broker).replay(["one"]) == ["one"])
      for queue in ["first", "second"] { try await m.waitForDepth(1, of: queue) }
      #expect(try await m.depth(ExchangeName.deadLetters) == 0)
    }
  }

  @Test func `a replayed letter is a first try in its own queue, the others stay`() async throws {
    let failures = FailingCalls(2, Discard("not yet"))
    try await withMessaging(failures) { m, _ async throws in
      let replayed = m.message("replayed")
      let kept = m.message("kept")
      try await m.send(replayed)
      try await m.send(kept)
      try await m.whileConsuming {
        _ = try await letters(m, 2)
        let id = try #require(replayed.messageID)
        #expect(try await DeadLetters(broker: m.broker).replay([id, "unknown"]) == [id])
        try await eventually { try await m.tally.count("replayed") == 1 }
      }
      #expect(try await letters(m).map(\.id) == [kept.messageID ?? ""])
      #expect(try await m.tally.count("kept") == 0)
    }
  }
}
