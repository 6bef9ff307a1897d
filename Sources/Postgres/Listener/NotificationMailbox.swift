import DequeModule
import Synchronization

/// The notifications of one listener that it has not read yet, a bounded number of them.
final class NotificationMailbox: Sendable {
  private struct State {
    var messages: Deque<PostgresNotification> = []
    var reader: UnsafeContinuation<PostgresNotification?, Never>?
    var closed = false
  }

  let channel: String
  private let capacity: Int
  private let state = Mutex(State())
  private let onClose: @Sendable (NotificationMailbox) -> Void

  init(channel: String, capacity: Int, onClose: @escaping @Sendable (NotificationMailbox) -> Void) {
    self.channel = channel
    self.capacity = max(1, capacity)
    self.onClose = onClose
  }

  /// A mailbox that is full is emptied, and says so with `.reconnected`.
  func put(_ message: PostgresNotification) {
    let reader: UnsafeContinuation<PostgresNotification?, Never>? = state.withLock { state in
      if state.closed { return nil }
      if let reader = state.reader {
        state.reader = nil
        return reader
      }
      if state.messages.count >= capacity || message == .reconnected {
        state.messages.removeAll()
        state.messages.append(.reconnected)
      } else {
        state.messages.append(message)
      }
      return nil
    }
    reader?.resume(returning: message)
  }

  /// The next message; nil once the mailbox is closed. For one reader at a time.
  func next() async -> PostgresNotification? {
    await withUnsafeContinuation { continuation in
      let ready: PostgresNotification?? = state.withLock { state in
        if let message = state.messages.popFirst() { return .some(message) }
        if state.closed || state.reader != nil { return .some(nil) }
        state.reader = continuation
        return nil
      }
      if let ready { continuation.resume(returning: ready) }
    }
  }

  func close() {
    let (wasOpen, reader) = state.withLock { state in
      defer {
        state.closed = true
        state.reader = nil
      }
      return (!state.closed, state.reader)
    }
    reader?.resume(returning: nil)
    if wasOpen { onClose(self) }
  }
}

/// Closes a mailbox when its stream is gone.
final class NotificationReader: Sendable {
  private let mailbox: NotificationMailbox

  init(_ mailbox: NotificationMailbox) { self.mailbox = mailbox }

  deinit { mailbox.close() }

  func next() async -> PostgresNotification? { await mailbox.next() }

  func close() { mailbox.close() }
}
