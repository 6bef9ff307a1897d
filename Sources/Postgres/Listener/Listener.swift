import Logging
import Synchronization

/// The connection on which all listeners of a client listen, kept open as long as there are any.
final class Listener: ConnectionOwner {
  private struct State {
    var mailboxes: [String: [NotificationMailbox]] = [:]
    var connection: ServerConnection?
    var connecting = false
    var closed = false
    var backoff: Backoff
    var nextCheck = MonotonicTime.distantFuture

    var all: [NotificationMailbox] { mailboxes.values.flatMap { $0 } }
  }

  private let connector: Connector
  private let state: Mutex<State>

  private var configuration: PostgresConfiguration { connector.configuration }

  init(connector: Connector) {
    self.connector = connector
    let backoff = Backoff(
      minimum: connector.configuration.minBackoff,
      maximum: connector.configuration.maxBackoff
    )
    state = Mutex(State(backoff: backoff))
  }

  // MARK: listeners

  func subscribe(to channel: String) -> NotificationMailbox {
    let mailbox = NotificationMailbox(channel: channel, capacity: configuration.notificationBuffer)
    { [weak self] in self?.unsubscribe($0) }
    let (connection, closed) = state.withLock { state in
      if !state.closed { state.mailboxes[channel, default: []].append(mailbox) }
      return (state.connection, state.closed)
    }
    if closed {
      mailbox.close()
    } else if let connection {
      listen([mailbox], channel: channel, on: connection)
    } else {
      connectIfNeeded(at: .now)
    }
    return mailbox
  }

  private func unsubscribe(_ mailbox: NotificationMailbox) {
    let (connection, empty, channelEmpty) = state.withLock { state in
      state.mailboxes[mailbox.channel]?.removeAll { $0 === mailbox }
      let channelEmpty = state.mailboxes[mailbox.channel]?.isEmpty ?? false
      if channelEmpty { state.mailboxes[mailbox.channel] = nil }
      return (state.connection, state.mailboxes.isEmpty, channelEmpty)
    }
    if empty {
      connection?.close(.closed)
    } else if channelEmpty {
      run("UNLISTEN \(Self.quoted(mailbox.channel))", on: connection) {}
    }
  }

  /// Tells the mailboxes once the server listens: from then on nothing is missed.
  private func listen(
    _ mailboxes: [NotificationMailbox],
    channel: String,
    on connection: ServerConnection
  ) {
    run("LISTEN \(Self.quoted(channel))", on: connection) {
      for mailbox in mailboxes { mailbox.put(.reconnected) }
    }
  }

  /// A statement that fails costs the connection: a new one starts from a known state.
  private func run(
    _ sql: String,
    on connection: ServerConnection?,
    then succeeded: @escaping @Sendable () -> Void
  ) {
    guard let connection else { return }
    let deadline = MonotonicTime.now.advanced(by: configuration.connectTimeout)
    let call = Call(.statement(PostgresQuery(sql, prepared: false)), deadline: deadline) { result in
      if case .success = result { succeeded() } else { connection.close(.closed) }
    }
    connection.serve(call)
  }

  private static func quoted(_ channel: String) -> String {
    "\""
      + channel.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }

  // MARK: the connection

  private func connectIfNeeded(at now: MonotonicTime) {
    let connect = state.withLock { state in
      guard state.connection == nil, !state.connecting, !state.closed, !state.mailboxes.isEmpty,
        state.backoff.allows(at: now)
      else {
        return false
      }
      state.connecting = true
      return true
    }
    guard connect else { return }
    connector.open(role: .exclusive, owner: self) { result in
      switch result {
      case .success(let connection): self.opened(connection)
      case .failure: self.failed()
      }
    }
  }

  private func opened(_ connection: ServerConnection) {
    let nextCheck = MonotonicTime.now.advanced(by: configuration.idleCheck)
    let mailboxes: [String: [NotificationMailbox]]? = state.withLock { state in
      state.connecting = false
      state.backoff.succeeded()
      guard !state.closed, !state.mailboxes.isEmpty else { return nil }
      state.connection = connection
      state.nextCheck = nextCheck
      return state.mailboxes
    }
    guard let mailboxes else { return connection.close(.closed) }
    for (channel, mailboxes) in mailboxes { listen(mailboxes, channel: channel, on: connection) }
    EventLoop.shared.wake(by: nextCheck)
  }

  private func failed() {
    let now = MonotonicTime.now
    let retryAt = state.withLock { state in
      state.connecting = false
      state.backoff.failed(at: now, random: .random(in: 0...1))
      return state.backoff.retryAt
    }
    if let retryAt { EventLoop.shared.wake(by: retryAt) }
  }

  func ended(_ connection: ServerConnection, reason: String) {
    let lost = state.withLock { state in
      guard state.connection === connection else { return false }
      state.connection = nil
      return !state.mailboxes.isEmpty && !state.closed
    }
    guard lost else { return }
    connector.logger.info(
      "the listening connection ended and is replaced",
      metadata: ["reason": "\(reason)"]
    )
    failed()
  }

  func notified(_ messages: [PostgresNotification]) {
    for message in messages {
      guard case .message(let channel, _, _) = message else { continue }
      for mailbox in state.withLock({ $0.mailboxes[channel] ?? [] }) { mailbox.put(message) }
    }
  }

  func givenBack(_ connection: ServerConnection) -> Call? { nil }

  func returned(_ call: Call, from connection: ServerConnection) {
    call.fail(PostgresClientError.connectionLost("the connection is closed"))
  }

  func failed(statements: Int) {}

  var isQuiet: Bool { false }

  /// Reconnects and checks when it is time; the pool, which is swept itself, calls it.
  func sweep(at now: MonotonicTime) -> MonotonicTime {
    connectIfNeeded(at: now)
    let (connection, check) = state.withLock { state in
      let check = state.connection != nil && state.nextCheck <= now
      if check { state.nextCheck = now.advanced(by: connector.configuration.idleCheck) }
      return (state.connection, check)
    }
    if check { run("", on: connection) {} }
    let next: MonotonicTime = state.withLock { state in
      if state.connection != nil { return state.nextCheck }
      return state.mailboxes.isEmpty || state.connecting
        ? .distantFuture : state.backoff.retryAt ?? .distantFuture
    }
    return min(next, connection?.sweep(at: now) ?? .distantFuture)
  }

  func close() {
    let (mailboxes, connection) = state.withLock { state in
      state.closed = true
      defer { state.mailboxes.removeAll() }
      return (state.all, state.connection)
    }
    for mailbox in mailboxes { mailbox.close() }
    connection?.close(.closed)
  }
}
