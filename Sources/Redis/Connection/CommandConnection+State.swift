import NIOCore

extension CommandConnection {
  /// What its lock guards.
  struct State {
    var queue: CommandQueue<Waiter>
    var channel: (any Channel)?
    var output = ByteBuffer()
    var isTurnScheduled = false
    var isMaintained = false
    /// Why there is no connection.
    var lastError: RedisError?
    /// The earliest deadline in the queue, or earlier.
    var earliestDeadline = NIODeadline.distantFuture
    var timerDeadline = NIODeadline.distantFuture
    var timer: Scheduled<Void>?

    var isDrained: Bool { queue.isClosing && queue.waiters == 0 }

    /// What is to be written now.
    mutating func takeOutput() -> ByteBuffer? {
      guard channel != nil else { return nil }
      // Reuses the memory of the last turn if the channel has let go of it.
      output.clear()
      return queue.takeUnsent(into: &output) ? output : nil
    }

    /// Matches replies to the commands. False: there was one too many.
    mutating func receive(
      _ values: [RESPValue],
      into completions: inout [CommandQueue<Waiter>.Completion]
    ) -> Bool {
      for value in values {
        // Nothing has been subscribed to on this connection.
        if case .push = value { continue }
        do throws(CommandQueue<Waiter>.UnexpectedReply) {
          if let completion = try queue.receive(value) { completions.append(completion) }
        } catch {
          return false
        }
      }
      return true
    }
  }
}
