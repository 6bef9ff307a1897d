import CoreMetrics
import Logging
import NIOCore
import Synchronization

/// The connection that messages are received on. It exists while somebody is subscribed.
final class SubscriptionConnection: RedisLinkOwner {
  /// How long the server may be silent before it is asked whether it is still there, and then
  /// before the connection counts as dead.
  private static let silence = TimeAmount.seconds(10)
  /// How long after a message was dropped the reader is told again, if there was still no room to
  /// tell it.
  private static let overflowRetry = TimeAmount.milliseconds(100)

  private let link: RedisLink
  private let logger: Logger
  private let metrics: RedisMetrics
  private let keyPrefix: String
  private let ids = Atomic<UInt64>(0)
  private let state = Mutex(State())

  private struct State {
    var registry = SubscriptionRegistry()
    var readers: [UInt64: AsyncStream<RedisSubscriptionEvent>.Continuation] = [:]
    /// The readers that lost messages and don't know it yet.
    var overflowed: Set<UInt64> = []
    var channel: (any Channel)?
    var watchdog: RepeatedTask?
    var wasSilent = false
    var isClosed = false
  }

  init(
    configuration: RedisConfiguration,
    tls: TLSContext?,
    logger: Logger,
    metrics: RedisMetrics,
    eventLoop: any EventLoop
  ) {
    link = RedisLink(
      configuration: configuration,
      tls: tls,
      logger: logger,
      metrics: metrics,
      eventLoop: eventLoop
    )
    self.logger = logger
    self.metrics = metrics
    keyPrefix = configuration.keyPrefix
    link.attach(self)
  }

  /// A stream of what the channels carry. Leaving it ends the subscription.
  func subscribe(to channels: [String], capacity: Int) -> AsyncStream<RedisSubscriptionEvent> {
    let (stream, reader) = AsyncStream.makeStream(
      of: RedisSubscriptionEvent.self,
      bufferingPolicy: .bufferingOldest(max(2, capacity))
    )
    let id = ids.wrappingAdd(1, ordering: .relaxed).newValue
    let names = channels.map { keyPrefix + $0 }
    guard !names.isEmpty else {
      reader.finish()
      return stream
    }
    // Set before the reader is known, so that a reader who leaves is always heard of after it has
    // come.
    reader.onTermination = { [weak self] _ in
      guard let self else { return }
      link.eventLoop.execute { self.remove(id) }
    }
    link.eventLoop.execute { [self] in add(id, reader, names) }
    return stream
  }

  /// Ends all subscriptions and closes.
  func close() {
    let readers = state.withLock { state in
      state.isClosed = true
      state.watchdog?.cancel()
      defer { state.readers = [:] }
      return state.readers.values
    }
    for reader in readers { reader.finish() }
    link.close()
  }

  /// Waits until the connection is closed for good.
  func closed() async {
    await link.closed()
  }

  // MARK: On the event loop

  private func add(
    _ id: UInt64,
    _ reader: AsyncStream<RedisSubscriptionEvent>.Continuation,
    _ names: [String]
  ) {
    let added = state.withLock {
      state -> (
        channel: (any Channel)?, subscribe: [String], deliveries: [SubscriptionRegistry.Delivery]
      )? in
      guard !state.isClosed else { return nil }
      state.readers[id] = reader
      let (subscribe, deliveries) = state.registry.add(id, to: names)
      return (state.channel, subscribe, deliveries)
    }
    guard let added else { return reader.finish() }
    send("SUBSCRIBE", added.subscribe, on: added.channel)
    deliver(added.deliveries)
    if added.channel == nil { link.demand() }
  }

  private func remove(_ id: UInt64) {
    let (channel, orphans) = state.withLock { state in
      state.readers[id] = nil
      state.overflowed.remove(id)
      return (state.channel, state.registry.remove(id))
    }
    send("UNSUBSCRIBE", orphans, on: channel)
  }

  var needsLink: Bool { state.withLock { !$0.registry.isEmpty } }

  func linkReady(_ channel: any Channel) {
    let names = state.withLock { state in
      state.channel = channel
      state.wasSilent = false
      state.watchdog?.cancel()
      state.watchdog = link.eventLoop.scheduleRepeatedTask(
        initialDelay: Self.silence,
        delay: Self.silence
      ) { [weak self] _ in
        self?.watch()
      }
      return state.registry.connect()
    }
    send("SUBSCRIBE", names, on: channel)
  }

  func linkLost(_ error: RedisError) {
    state.withLock { state in
      state.channel = nil
      state.watchdog?.cancel()
      state.watchdog = nil
      state.registry.disconnect()
    }
  }

  func linkReceived(_ values: [RESPValue]) {
    for value in values {
      let deliveries = state.withLock { state in
        state.wasSilent = false
        return if case .push(let push) = value { state.registry.receive(push) } else {
          [SubscriptionRegistry.Delivery]()
        }
      }
      deliver(deliveries)
      if case .error(let code, let message) = value {
        logger.error("Redis refuses a subscription", metadata: ["error": "\(code) \(message)"])
      }
    }
  }

  private func deliver(_ deliveries: [SubscriptionRegistry.Delivery]) {
    for delivery in deliveries {
      let (reader, hasOverflowed) = state.withLock {
        ($0.readers[delivery.subscriber], $0.overflowed.contains(delivery.subscriber))
      }
      guard let reader else { continue }
      if hasOverflowed, !tellOfOverflow(delivery.subscriber, reader) {
        metrics.overflows.increment()
        continue
      }
      guard case .dropped = reader.yield(delivery.event.removingPrefix(keyPrefix)) else { continue }
      metrics.overflows.increment()
      _ = state.withLock { $0.overflowed.insert(delivery.subscriber) }
      link.eventLoop.scheduleTask(in: Self.overflowRetry) { [weak self] in
        self?.retryOverflow(delivery.subscriber)
      }
    }
  }

  private func retryOverflow(_ id: UInt64) {
    let (reader, hasOverflowed) = state.withLock { ($0.readers[id], $0.overflowed.contains(id)) }
    guard let reader, hasOverflowed, !tellOfOverflow(id, reader) else { return }
    link.eventLoop.scheduleTask(in: Self.overflowRetry) { [weak self] in self?.retryOverflow(id) }
  }

  /// False: there was no room for it.
  private func tellOfOverflow(
    _ id: UInt64,
    _ reader: AsyncStream<RedisSubscriptionEvent>.Continuation
  ) -> Bool {
    if case .dropped = reader.yield(.overflowed) { return false }
    _ = state.withLock { $0.overflowed.remove(id) }
    return true
  }

  private func watch() {
    let (channel, isDead) = state.withLock { state in
      defer { state.wasSilent = true }
      return (state.channel, state.wasSilent)
    }
    if isDead {
      link.reset(because: "the server is silent")
    } else if let channel {
      send(RedisCommand("PING"), on: channel)
    }
  }

  private func send(_ name: String, _ channels: [String], on channel: (any Channel)?) {
    guard let channel, !channels.isEmpty else { return }
    send(RedisCommand(name, channels.map { .text($0) }), on: channel)
  }

  private func send(_ command: RedisCommand, on channel: any Channel) {
    channel.writeAndFlush(ByteBuffer(bytes: command.encoded), promise: nil)
  }
}

extension RedisSubscriptionEvent {
  /// The event with the channel's name as the subscriber has given it.
  fileprivate func removingPrefix(_ prefix: String) -> Self {
    guard case .message(let message) = self, !prefix.isEmpty else { return self }
    return .message(
      RedisMessage(
        channel: String(message.channel.dropFirst(prefix.count)),
        payload: message.payload
      )
    )
  }
}
