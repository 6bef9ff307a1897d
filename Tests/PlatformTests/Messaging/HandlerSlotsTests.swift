import AMQP
import Synchronization
import TestKit
import Testing
import WorldKit

@testable import Platform

@Suite struct HandlerSlotsTests {
  /// Counts how many are inside at once.
  private final class Crowd: Sendable {
    private let state = Mutex((inside: 0, most: 0, served: 0))

    var most: Int { state.withLock { $0.most } }
    var served: Int { state.withLock { $0.served } }

    func enter() {
      state.withLock { state in
        state.inside += 1
        state.most = max(state.most, state.inside)
      }
    }

    func leave() {
      state.withLock { state in
        state.inside -= 1
        state.served += 1
      }
    }
  }

  @Test(arguments: [(10, 7), (4, 1), (1, 1)])
  func `handlers leave the pool connections, and one at least runs`(poolSize: Int, most: Int)
    async throws
  {
    let slots = HandlerSlots(poolSize: poolSize)
    let crowd = Crowd()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<200 {
        group.addTask {
          try await slots.withSlot {
            crowd.enter()
            for _ in 0..<20 { await Task.yield() }
            crowd.leave()
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(crowd.served == 200)
    #expect(crowd.most <= most)
  }

  @Test
  func
    `a body that throws gives its slot back, and so does one that was cancelled while it waited`()
    async throws
  {
    let slots = HandlerSlots(poolSize: 1)
    await #expect(throws: Failure.self) {
      try await slots.withSlot { () async throws -> Void in throw Failure() }
    }
    try await slots.withSlot {
      await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<50 { group.addTask { try await slots.withSlot {} } }
        await Task.yield()
        group.cancelAll()
        while let result = await group.nextResult() {
          guard case .failure(let error) = result else { continue }
          #expect(error is CancellationError)
        }
      }
    }
    try await slots.withSlot {}
  }

  @Test func `many messages over a pool of few connections are handled without one failing`()
    async throws
  {
    let failures = FailingCalls()
    try await withTally(poolSize: 4) { world, tally in
      try await withTestMessaging { messaging in
        let broker = try makeBroker(messaging.url)
        let hooks = (0..<5).map {
          Hook(InsertLabelOfEvent(failures: failures), named: "tally.insert\($0)", in: tally)
        }
        try await broker.declare(.helium(hooks: hooks, retries: RetryPolicy(delays: [])))
        let m = MessagingWorld(
          world: world,
          tally: tally,
          broker: broker,
          hook: hooks[0],
          retries: RetryPolicy(delays: [])
        )
        try await m.publish((0..<100).map(String.init))
        try await m.relayAll()
        let slots = HandlerSlots(poolSize: 4)
        try await withThrowingTaskGroup(of: Void.self) { group in
          for hook in hooks {
            let consumer = MessageConsumer(
              hook: hook,
              pool: world.client,
              signal: nil,
              broker: broker,
              retries: m.retries,
              tenant: MessagingWorld.tenant,
              clock: world.clock.clock,
              logger: quiet,
              slots: slots
            )
            group.addTask { try? await consumer.run() }
          }
          try await eventually {
            try await world.number("SELECT count(*) FROM platform.inbox") == 500
          }
          group.cancelAll()
        }
        // Without retries a message whose handler found no connection would be a dead letter.
        #expect(try await m.depth(ExchangeName.deadLetters) == 0)
        #expect(failures.calls == 500)
        await broker.close()
      }
    }
  }
}
