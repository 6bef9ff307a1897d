import CoreMetrics
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// Who uses a link. All calls come on the link's event loop.
protocol RedisLinkOwner: AnyObject, Sendable {
  /// Whether the connection is to be had again when it is lost.
  var needsLink: Bool { get }
  /// The connection is there and has shaken hands.
  func linkReady(_ channel: any Channel)
  /// The connection is gone, or an attempt to have one has failed.
  func linkLost(_ error: RedisError)
  /// Replies and pushes came.
  func linkReceived(_ values: [RESPValue])
}

/// Has a connection and, when it breaks, the next one. Everything that happens to it happens on its
/// event loop.
final class RedisLink: Sendable {
  let eventLoop: any EventLoop
  private let configuration: RedisConfiguration
  private let tls: TLSContext?
  private let logger: Logger
  private let metrics: RedisMetrics
  private let state: Mutex<State>
  private let end: EventLoopPromise<Void>

  private struct State {
    var machine = LinkStateMachine()
    /// Refers back, until the link is closed.
    var owner: (any RedisLinkOwner)?
    var channel: (any Channel)?
    var timer: Scheduled<Void>?
    /// Counts the attempts. What an earlier one's channel still says is of no interest.
    var attempt = 0
  }

  init(
    configuration: RedisConfiguration,
    tls: TLSContext?,
    logger: Logger,
    metrics: RedisMetrics,
    eventLoop: any EventLoop
  ) {
    self.configuration = configuration
    self.tls = tls
    var logger = logger
    logger[metadataKey: "redis.server"] = "\(configuration)"
    self.logger = logger
    self.metrics = metrics
    self.eventLoop = eventLoop
    state = Mutex(State())
    end = eventLoop.makePromise()
  }

  deinit {
    // A promise must be kept; nobody who could wait for it is left.
    end.succeed()
  }

  func attach(_ owner: any RedisLinkOwner) {
    state.withLock { $0.owner = owner }
  }

  /// Connects, unless it is connected or about to be.
  func demand() {
    perform(state.withLock { $0.machine.demand() })
  }

  /// Closes the connection for good. May be called from anywhere.
  func close() {
    let (isFirst, channel) = state.withLock { state in
      state.timer?.cancel()
      state.timer = nil
      return (state.machine.close(), state.channel)
    }
    guard isFirst else { return }
    if let channel {
      // The rest follows when the channel says that it is inactive.
      channel.close(promise: nil)
    } else {
      eventLoop.execute { [self] in finish() }
    }
  }

  /// Waits until the link has been closed.
  func closed() async {
    try? await end.futureResult.get()
  }

  /// Breaks the connection, to have a new one. On the event loop only.
  func reset(because reason: String) {
    let (channel, attempt) = state.withLock { ($0.channel, $0.attempt) }
    // A peer that does not answer can hold up the end of TLS for seconds, so that is not waited
    // for.
    channel?.close(promise: nil)
    lost(attempt, .connectionLost(reason))
  }

  // MARK: What the channel says

  func established(_ attempt: Int, _ channel: any Channel) {
    let (action, owner, failures) = state.withLock { state in
      let failures = state.machine.failures
      let action = state.attempt == attempt ? state.machine.established(at: .now()) : .close
      if action == .none { state.channel = channel }
      return (action, state.owner, failures)
    }
    guard action == .none else { return channel.close(promise: nil) }
    if failures > 0 { logger.info("Redis is back", metadata: ["redis.attempts": "\(failures)"]) }
    metrics.connections.increment()
    owner?.linkReady(channel)
  }

  func received(_ attempt: Int, _ values: [RESPValue]) {
    state.withLock { $0.attempt == attempt ? $0.owner : nil }?.linkReceived(values)
  }

  /// The attempt has failed, or its channel has become inactive.
  func lost(_ attempt: Int, _ error: RedisError) {
    let change = state.withLock {
      state -> (LinkStateMachine.Action, (any RedisLinkOwner)?, failures: Int, isClosed: Bool)? in
      guard state.attempt == attempt else { return nil }
      state.attempt += 1
      state.channel = nil
      let failures = state.machine.failures
      let action = state.machine.lost(at: .now(), random: .random(in: 0..<1))
      return (action, state.owner, failures, state.machine.state == .closed)
    }
    guard let (action, owner, failures, isClosed) = change else { return }
    guard !isClosed else { return finish() }
    // Told once, when it begins; the attempts that follow are expected to fail.
    logger.log(
      level: failures == 0 ? .warning : .debug,
      "Redis is unreachable",
      metadata: ["error": "\(error)"]
    )
    owner?.linkLost(error)
    perform(action)
  }

  private func finish() {
    let owner = state.withLock { state in
      defer { state.owner = nil }
      return state.owner
    }
    owner?.linkLost(.closed)
    end.succeed()
  }

  private func perform(_ action: LinkStateMachine.Action) {
    switch action {
    case .none, .close:
      break
    case .connect:
      connect()
    case .wait(let time):
      let timer = eventLoop.scheduleTask(in: time) { [self] in
        let isNeeded = state.withLock { $0.owner }?.needsLink ?? false
        perform(state.withLock { $0.machine.backoffElapsed(isNeeded: isNeeded) })
      }
      state.withLock { $0.timer = timer }
    }
  }

  private func connect() {
    metrics.attempts.increment()
    let attempt = state.withLock { state in
      state.attempt += 1
      return state.attempt
    }
    let timeout = TimeAmount(configuration.connectTimeout)
    ClientBootstrap(group: eventLoop)
      .connectTimeout(timeout)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelOption(.socketOption(.so_keepalive), value: 1)
      .channelInitializer { [self] channel in
        channel.eventLoop.makeCompletedFuture {
          if let tls {
            try channel.pipeline.syncOperations.addHandler(
              tls.makeHandler(host: configuration.host)
            )
          }
          let handler = RedisChannelHandler(
            link: self,
            attempt: attempt,
            handshake: RedisHandshake(configuration),
            isEncrypted: tls != nil,
            timeout: timeout
          )
          try channel.pipeline.syncOperations.addHandler(handler)
        }
      }
      .connect(host: configuration.host, port: configuration.port)
      .whenFailure { [self] error in
        lost(attempt, Self.reason(error))
      }
  }

  /// What the attempts at each of the host's addresses have come to, in one error.
  private static func reason(_ error: any Error) -> RedisError {
    guard let error = error as? NIOConnectionError else { return .unavailable("\(error)") }
    let errors = error.connectionErrors.map(\.error)
    if let known = errors.lazy.compactMap({ $0 as? RedisError }).first { return known }
    return .unavailable(errors.first.map { "\($0)" } ?? "the host \(error.host) has no address")
  }
}
