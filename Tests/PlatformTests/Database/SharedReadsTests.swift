import Postgres
import Synchronization
import Testing

@testable import Platform

@Suite struct SharedReadsTests {
  /// A store whose reads wait until they are let through.
  private final class Store: Sendable {
    struct Refused: Error {}

    private let error: any Error
    private let state = Mutex((value: 0, reads: [[Int]](), passes: [Bool]()))

    init(error: any Error = Refused()) {
      self.error = error
    }

    var reads: [[Int]] { state.withLock { $0.reads } }

    func set(_ value: Int) { state.withLock { $0.value = value } }

    /// Lets reads end.
    func pass(_ count: Int) { state.withLock { $0.passes += Array(repeating: true, count: count) } }

    /// Lets reads fail.
    func refuse(_ count: Int) {
      state.withLock { $0.passes += Array(repeating: false, count: count) }
    }

    /// The values of the moment in which the read begins. There are none of odd keys.
    func read(_ keys: [Int]) async throws -> [Int: Int] {
      let value = state.withLock { state in
        state.reads.append(keys.sorted())
        return state.value
      }
      while true {
        try Task.checkCancellation()
        if let passes = state.withLock({ $0.passes.isEmpty ? nil : $0.passes.removeFirst() }) {
          guard passes else { throw error }
          return Dictionary(uniqueKeysWithValues: keys.filter { $0 % 2 == 0 }.map { ($0, value) })
        }
        await Task.yield()
      }
    }

    func begun(_ count: Int) async {
      while reads.count < count { await Task.yield() }
    }
  }

  /// Callers in the order in which they asked: the first two read, the others wait.
  private func ask(_ reads: SharedReads<Int, Int>, _ keys: [Int]) async -> [Task<Int?, any Error>] {
    var tasks: [Task<Int?, any Error>] = []
    for key in keys {
      let before = reads.load
      tasks.append(Task { try await reads(key) })
      while reads.load == before { await Task.yield() }
    }
    return tasks
  }

  @Test
  func `who comes while reads are under way is answered by the next, which begins afterwards`()
    async throws
  {
    let store = Store()
    let reads = SharedReads { try await store.read($0) }
    let early = await ask(reads, [2, 4])
    await store.begun(2)
    let late = await ask(reads, [6, 8, 6, 7])
    store.set(1)
    store.pass(3)
    for task in early { #expect(try await task.value == 0) }
    #expect(try await late[0].value == 1)
    #expect(try await late[1].value == 1)
    #expect(try await late[2].value == 1)
    #expect(try await late[3].value == nil)
    #expect(Set(store.reads.prefix(2)) == [[2], [4]])
    #expect(store.reads.dropFirst(2) == [[6, 7, 8]])
    #expect(reads.load == 0)
  }

  @Test func `a read that fails fails for those it was for, and the next ones go on`() async throws
  {
    let store = Store()
    let reads = SharedReads { try await store.read($0) }
    let early = await ask(reads, [2, 4])
    let late = await ask(reads, [6, 8])
    store.refuse(2)
    for task in early { await #expect(throws: Store.Refused.self) { try await task.value } }
    store.refuse(1)
    for task in late { await #expect(throws: Store.Refused.self) { try await task.value } }
    store.pass(1)
    #expect(try await reads(10) == 0)
    #expect(reads.load == 0)
  }

  @Test func `a caller who gives up while it reads for others leaves the read to one of them`()
    async throws
  {
    let store = Store()
    let reads = SharedReads { try await store.read($0) }
    let early = await ask(reads, [2, 4])
    let late = await ask(reads, [6, 8, 10])
    store.pass(1)
    // The first of them reads for all three now.
    await store.begun(3)
    late[0].cancel()
    await #expect(throws: CancellationError.self) { try await late[0].value }
    store.pass(2)
    #expect(try await late[1].value == 0)
    #expect(try await late[2].value == 0)
    for task in early { #expect(try await task.value == 0) }
    #expect(store.reads.last == [8, 10])
    #expect(reads.load == 0)
  }

  @Test func `in an outage nobody waits but those who find out when it ends`() async throws {
    let store = Store(error: PostgresClientError.connectionLost("it is gone"))
    let reads = SharedReads { try await store.read($0) }
    let early = await ask(reads, [2, 4])
    let late = await ask(reads, [6, 8])
    store.refuse(1)
    for task in late { await #expect(throws: PostgresClientError.self) { try await task.value } }
    let probe = await ask(reads, [10])
    await #expect(throws: PostgresClientError.self) { try await reads(12) }
    store.pass(2)
    #expect(try await probe[0].value == 0)
    var answered = 0
    for task in early { if case .success = await task.result { answered += 1 } }
    #expect(answered == 1)
    // It is over: who comes waits again.
    let later = await ask(reads, [14, 16, 18])
    store.pass(3)
    for task in later { #expect(try await task.value == 0) }
  }

  @Test func `more callers than may wait are refused`() async throws {
    let store = Store()
    let reads = SharedReads { try await store.read($0) }
    let tasks = await ask(reads, Array(0..<1_002))
    await #expect(throws: PostgresClientError.poolExhausted) { try await reads(0) }
    // Two alone, and the thousand in as many reads as they need.
    store.pass(6)
    for (key, task) in tasks.enumerated() {
      #expect(try await task.value == (key % 2 == 0 ? 0 : nil))
    }
    #expect(store.reads.map(\.count).max() == 256)
  }
}
