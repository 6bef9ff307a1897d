import NIOCore
import Testing

@testable import Redis

@Suite struct CommandQueueTests {
  private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
  private let deadline = start + .seconds(2)

  @Test func `commands are sent in their order and replies go to the oldest`() throws {
    var queue = makeQueue()
    try submit(&queue, 1, "a")
    try submit(&queue, 2, "b")
    #expect(sent(&queue) == "ab")
    #expect(sent(&queue) == nil)
    #expect(try queue.receive(.integer(10))?.waiter == 1)
    #expect(try queue.receive(.integer(20))?.waiter == 2)
    #expect(queue.isEmpty && queue.pending == 0 && queue.waiters == 0 && queue.inFlight == 0)
  }

  @Test func `no more than the window is on the way`() throws {
    var queue = makeQueue(maxInFlight: 2)
    for id in 1...5 { try submit(&queue, id, "\(id)") }
    #expect(sent(&queue) == "12")
    _ = try queue.receive(.null)
    #expect(sent(&queue) == "3")
    _ = try queue.receive(.null)
    _ = try queue.receive(.null)
    #expect(sent(&queue) == "45")
  }

  @Test func `a full queue refuses a command`() throws {
    var queue = makeQueue(maxPending: 2)
    try submit(&queue, 1, "a")
    try submit(&queue, 2, "b")
    #expect(throws: RedisError.overloaded) { try submit(&queue, 3, "c") }
    _ = sent(&queue)
    #expect(throws: RedisError.overloaded) { try submit(&queue, 3, "c") }
    _ = try queue.receive(.null)
    try submit(&queue, 3, "c")
  }

  @Test func `a queue full of bytes refuses a command, but an empty one takes any`() throws {
    var queue = makeQueue(maxPendingBytes: 4)
    try submit(&queue, 1, "larger")
    #expect(throws: RedisError.overloaded) { try submit(&queue, 2, "b") }
    _ = sent(&queue)
    try submit(&queue, 2, "abc")
    try submit(&queue, 3, "d")
    #expect(throws: RedisError.overloaded) { try submit(&queue, 4, "e") }
    _ = queue.cancel(3)
    try submit(&queue, 4, "e")
  }

  @Test func `a command that is cancelled on its way leaves its place in the row`() throws {
    var queue = makeQueue()
    for id in 1...3 { try submit(&queue, id, "\(id)") }
    _ = sent(&queue)
    #expect(queue.cancel(2) == 2)
    #expect(queue.cancel(2) == nil)
    #expect(try queue.receive(.integer(1))?.waiter == 1)
    let completion = try queue.receive(.integer(2))
    #expect(completion != nil && completion?.waiter == nil)
    #expect(try queue.receive(.integer(3))?.waiter == 3)
  }

  @Test func `a command that is cancelled before it is sent is never sent`() throws {
    var queue = makeQueue(maxInFlight: 1)
    for id in 1...3 { try submit(&queue, id, "\(id)") }
    #expect(sent(&queue) == "1")
    #expect(queue.cancel(2) == 2)
    _ = try queue.receive(.null)
    #expect(sent(&queue) == "3")
    #expect(try queue.receive(.null)?.waiter == 3)
    #expect(queue.isEmpty)
  }

  @Test func `cancelled commands still count, so that the queue can't grow without bound`() throws {
    var queue = makeQueue(maxInFlight: 1, maxPending: 3)
    for id in 1...3 { try submit(&queue, id, "\(id)") }
    _ = sent(&queue)
    _ = queue.cancel(2)
    _ = queue.cancel(3)
    #expect(throws: RedisError.overloaded) { try submit(&queue, 4, "4") }
  }

  @Test func `commands expire at their deadline, sent or not`() throws {
    var queue = makeQueue(maxInFlight: 1)
    try submit(&queue, 1, "a", deadline: Self.start + .seconds(1))
    try submit(&queue, 2, "b", deadline: Self.start + .seconds(2))
    try submit(&queue, 3, "c", deadline: Self.start + .seconds(1))
    _ = sent(&queue)
    #expect(queue.nextDeadline == Self.start + .seconds(1))
    #expect(queue.expire(at: Self.start + .milliseconds(999)).isEmpty)
    let failures = queue.expire(at: Self.start + .seconds(1))
    #expect(failures.map(\.waiter) == [1, 3] && failures.map(\.wasSent) == [true, false])
    #expect(queue.nextDeadline == Self.start + .seconds(2))
  }

  @Test func `a connection is dead when its oldest command is overdue by the grace`() throws {
    var queue = makeQueue()
    try submit(&queue, 1, "a", deadline: Self.start + .seconds(1))
    #expect(!queue.isStalled(at: Self.start + .seconds(9)))
    _ = sent(&queue)
    _ = queue.expire(at: Self.start + .seconds(1))
    #expect(queue.nextDeadline == Self.start + .seconds(3))
    #expect(!queue.isStalled(at: Self.start + .milliseconds(2_999)))
    #expect(queue.isStalled(at: Self.start + .seconds(3)))
    _ = try queue.receive(.null)
    #expect(!queue.isStalled(at: Self.start + .seconds(9)))
    #expect(queue.nextDeadline == nil)
  }

  @Test func `a lost connection fails what was sent and keeps the rest for the next`() throws {
    var queue = makeQueue(maxInFlight: 2)
    for id in 1...4 { try submit(&queue, id, "\(id)") }
    _ = sent(&queue)
    let failures = queue.loseConnection()
    #expect(failures.map(\.waiter) == [1, 2] && failures.map(\.wasSent) == [true, true])
    #expect(sent(&queue) == "34")
    #expect(queue.pending == 2 && queue.waiters == 2)
  }

  @Test func `commands of a pipeline are sent together and answered together`() throws {
    var queue = makeQueue(maxInFlight: 3)
    try submit(&queue, 1, "a")
    try submit(&queue, 2, "bcd", count: 3)
    try submit(&queue, 3, "e")
    #expect(sent(&queue) == "a")
    _ = try queue.receive(.null)
    #expect(sent(&queue) == "bcd")
    #expect(try queue.receive(.integer(1)) == nil)
    #expect(try queue.receive(.integer(2)) == nil)
    let completion = try queue.receive(.integer(3))
    #expect(
      completion?.waiter == 2
        && completion?.reply == .several([.integer(1), .integer(2), .integer(3)])
    )
    #expect(sent(&queue) == "e")
  }

  @Test func `a pipeline that is larger than the window goes alone`() throws {
    var queue = makeQueue(maxInFlight: 2)
    try submit(&queue, 1, "abc", count: 3)
    try submit(&queue, 2, "d")
    #expect(sent(&queue) == "abc")
    for _ in 0..<3 { _ = try queue.receive(.null) }
    #expect(sent(&queue) == "d")
  }

  @Test func `a cancelled pipeline swallows all its replies`() throws {
    var queue = makeQueue()
    try submit(&queue, 1, "ab", count: 2)
    try submit(&queue, 2, "c")
    _ = sent(&queue)
    _ = queue.cancel(1)
    _ = try queue.receive(.integer(1))
    _ = try queue.receive(.integer(2))
    #expect(try queue.receive(.integer(3))?.waiter == 2)
  }

  @Test func `a reply to nothing is an error`() throws {
    var queue = makeQueue()
    #expect(throws: CommandQueue<Int>.UnexpectedReply.self) { try queue.receive(.null) }
    try submit(&queue, 1, "a")
    #expect(throws: CommandQueue<Int>.UnexpectedReply.self) { try queue.receive(.null) }
  }

  @Test func `a closing queue refuses commands and lets those held finish`() throws {
    var queue = makeQueue()
    try submit(&queue, 1, "a")
    queue.close()
    #expect(throws: RedisError.closed) { try submit(&queue, 2, "b") }
    #expect(sent(&queue) == "a")
    #expect(try queue.receive(.null)?.waiter == 1)
    #expect(queue.waiters == 0)
  }

  /// Plays a server that answers each command with the command's own number, against random orders
  /// of events.
  @Test(arguments: 0..<300) func `each waiter is handed back once, with its own reply`(
    _ seed: UInt64
  ) throws {
    var random = SeededGenerator(seed: seed)
    var queue = makeQueue(maxInFlight: Int.random(in: 1...8, using: &random), maxPending: 20)
    var wire: [Int] = []
    var handedBack: Set<Int> = []
    var taken: Set<Int> = []
    var next = 0
    var now = Self.start
    func handBack(_ id: Int) { #expect(handedBack.insert(id).inserted, "\(id) twice") }
    for _ in 0..<400 {
      switch Int.random(in: 0..<100, using: &random) {
      case 0..<40:
        next += 1
        let count = Int.random(in: 1...3, using: &random)
        let bytes = [UInt8](repeating: UInt8(next % 256), count: count)
        let deadline = now + .milliseconds(Int64.random(in: 1...50, using: &random))
        do {
          try queue.submit(
            next,
            ticket: UInt64(next),
            bytes: bytes,
            count: count,
            at: now,
            deadline: deadline
          )
          taken.insert(next)
        } catch { #expect(error == .overloaded) }
      case 40..<60:
        var output = ByteBuffer()
        _ = queue.takeUnsent(into: &output)
        wire += output.readableBytesView.map(Int.init)
      case 60..<85:
        guard !wire.isEmpty else { continue }
        let answer = wire.removeFirst()
        guard let completion = try queue.receive(.integer(Int64(answer))),
          let waiter = completion.waiter
        else { continue }
        handBack(waiter)
        let replies =
          if case .several(let values) = completion.reply { values } else {
            [RESPValue.integer(Int64(answer))]
          }
        #expect(replies.allSatisfy { $0 == .integer(Int64(waiter % 256)) })
      case 85..<93:
        if let waiter = queue.cancel(UInt64(Int.random(in: 0...next, using: &random))) {
          handBack(waiter)
        }
      case 93..<98:
        now = now + .milliseconds(Int64.random(in: 1...20, using: &random))
        for failure in queue.expire(at: now) { handBack(failure.waiter) }
      default:
        wire = []
        for failure in queue.loseConnection() { handBack(failure.waiter) }
      }
      #expect(queue.pending <= 20 && queue.waiters == taken.count - handedBack.count)
    }
    for failure in queue.failAll() { handBack(failure.waiter) }
    #expect(handedBack == taken && queue.isEmpty && queue.pending == 0 && queue.inFlight == 0)
  }

  private func makeQueue(
    maxInFlight: Int = 100,
    maxPending: Int = 100,
    maxPendingBytes: Int = 1_000
  ) -> CommandQueue<Int> {
    CommandQueue(
      maxInFlight: maxInFlight,
      maxPending: maxPending,
      maxPendingBytes: maxPendingBytes,
      grace: .seconds(2)
    )
  }

  private func submit(
    _ queue: inout CommandQueue<Int>,
    _ id: Int,
    _ text: String,
    count: Int = 1,
    deadline: NIODeadline? = nil
  ) throws {
    try queue.submit(
      id,
      ticket: UInt64(id),
      bytes: Array(text.utf8),
      count: count,
      at: Self.start,
      deadline: deadline ?? self.deadline
    )
  }

  private func sent(_ queue: inout CommandQueue<Int>) -> String? {
    var output = ByteBuffer()
    return queue.takeUnsent(into: &output) ? String(buffer: output) : nil
  }
}
