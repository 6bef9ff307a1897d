import CEpoll
import CRabbitMQ
import Glibc
import Logging
import Metrics

/// A connection, from inside its thread: performs commands, receives frames, sends what the state
/// machines say, and connects again.
///
/// Nothing here blocks: connecting happens on a thread of its own, frames are read with a timeout
/// of zero after poll, and methods are written when the socket has room. All of its state,
/// rabbitmq-c's included, stays on the thread that made it.
final class ConnectionLoop {
  typealias Publishes = PublishWindow<CheckedContinuation<Void, any Error>>
  typealias Requests = RequestQueue<CheckedContinuation<AMQPReply, any Error>>

  let handle: ConnectionHandle
  let arena = EncodingArena()
  var publishes: Publishes
  /// By channel.
  var requests: [UInt16: Requests] = [:]
  var subscriptions: [UInt16: ActiveSubscription] = [:]
  /// Messages whose frames have not all come, by channel.
  var contents: [UInt16: IncomingContent] = [:]
  /// Deliveries of basic.get.
  var got = DeliveryLedger()
  /// Of the present opening of the basic.get channel.
  var getGeneration: UInt64 = 0
  /// How much may be written before asking again whether the socket has room.
  var writeAllowance = 0
  var awaitsRoom = false
  var now = ContinuousClock.now
  /// Set where the connection turns out to be broken; acted upon at the end of the turn.
  var breakage: Breakage?

  private(set) var connection: OpenConnection?
  private var isConnecting = false
  private var hasConnected = false
  private var hasEnded = false
  private var backoff = Backoff()
  private var retryAt: ContinuousClock.Instant?
  private(set) var lastFailure: AMQPConnectionFailure?
  private(set) var closingUntil: ContinuousClock.Instant?
  private var lastReceived = ContinuousClock.now
  private var recordedPending = 0
  /// Of the eventfd and the socket.
  private let descriptors = UnsafeMutablePointer<pollfd>.allocate(capacity: 2)

  /// Why a connection is given up.
  struct Breakage {
    let failure: AMQPConnectionFailure
    var channelException: (code: UInt16, text: String)?
  }

  /// How long the broker's answer to connection.close is waited for: it has nothing to say that
  /// matters by then.
  private static let closeTimeout = timeval(tv_sec: 1, tv_usec: 0)

  init(handle: ConnectionHandle) {
    self.handle = handle
    let configuration = handle.configuration
    publishes = Publishes(
      capacity: configuration.publishWindow,
      maxPending: configuration.maxPending
    )
    if handle.role == .consuming {
      requests[Channels.control] = Requests(maxPending: configuration.maxPending)
      requests[Channels.get] = Requests(maxPending: configuration.maxPending)
    }
  }

  deinit { descriptors.deallocate() }

  func run() {
    while !hasEnded {
      now = .now
      for command in handle.takeCommands() { perform(command) }
      passTime()
      connectIfDue()
      sendPublishes()
      sendRequests()
      sendAcknowledgements()
      if let breakage { disconnect(breakage) }
      closeIfDrained()
      if !hasEnded { waitForWork() }
    }
    handle.finish()
  }

  private func perform(_ command: Command) {
    switch command {
    case .publish, .request, .subscribe:
      if closingUntil != nil { return command.refuse() }
    default: break
    }
    switch command {
    case .start: break
    case .publish(let request): if let refusal = publishes.submit(request) { complete([refusal]) }
    case .request(let pending): submit(pending)
    case .cancel(let id): cancel(id)
    case .subscribe(let consumer): subscribe(consumer)
    case .cancelConsumer(let consumer, let done): cancel(consumer, done)
    case .settle(let receipt, let settlement): settle(receipt, settlement)
    case .attempted(let result): attempted(result)
    case .close: if closingUntil == nil { closingUntil = now + handle.configuration.drainTimeout }
    }
  }

  private func cancel(_ id: UInt64) {
    if let completion = publishes.cancel(id) { complete([completion]) }
    for channel in requests.keys {
      if let failure = requests[channel]?.cancel(id) {
        failure.waiter.resume(throwing: failure.error)
      }
    }
  }

  private func passTime() {
    let failure = connection == nil ? lastFailure : nil
    complete(publishes.expire(at: now, failure: failure))
    if publishes.isStuck, breakage == nil {
      breakage = Breakage(failure: .unreachable("the broker doesn't confirm"))
    }
    for channel in requests.keys { fail(requests[channel]?.expire(at: now, failure: failure)) }
    for (channel, subscription) in subscriptions {
      guard let restUntil = subscription.restUntil, restUntil <= now else { continue }
      subscriptions[channel]?.restUntil = nil
      advance(channel) { $0.rested() }
    }
    if publishes.count != recordedPending {
      recordedPending = publishes.count
      handle.metrics.pending.record(recordedPending)
    }
  }

  func complete(_ completions: [Publishes.Completion]) {
    for completion in completions { completion.waiter.resume(with: completion.result) }
  }

  func fail(_ failures: [Requests.Failure]?) {
    for failure in failures ?? [] { failure.waiter.resume(throwing: failure.error) }
  }
}

// Connecting and closing.
extension ConnectionLoop {
  private func connectIfDue() {
    guard connection == nil, !isConnecting, closingUntil == nil, retryAt.map({ $0 <= now }) ?? true
    else { return }
    isConnecting = true
    let handle = handle
    let connector = Connector(
      configuration: handle.configuration,
      role: handle.role,
      topology: handle.topology.requests
    )
    startThread { handle.send(.attempted(connector.connect())) }
  }

  private func attempted(_ result: Result<OpenConnection, AMQPConnectionFailure>) {
    isConnecting = false
    switch result {
    case .success(let connection):
      if closingUntil != nil { return connection.destroy() }
      if hasConnected { handle.metrics.reconnects.increment() }
      handle.logger.info(
        "Connected to the message broker",
        metadata: ["amqp.host": "\(handle.configuration.host)"]
      )
      self.connection = connection
      hasConnected = true
      lastFailure = nil
      backoff.reset()
      lastReceived = now
      got = DeliveryLedger()
      getGeneration = handle.nextID()
      for channel in requests.keys { requests[channel]?.connected() }
      for channel in subscriptions.keys { advance(channel) { $0.connected() } }
    case .failure(let failure):
      // Once per cause: a broker that is away for an hour is one line.
      handle.logger.log(
        level: failure == lastFailure ? .debug : .warning,
        "Can't connect to the message broker",
        metadata: ["error": "\(failure)"]
      )
      lastFailure = failure
      retryAt = now + backoff.next(random: .random(in: 0..<1))
      guard failure.isPermanent else { return }
      complete(publishes.failWaiting(.unavailable(failure)))
      for channel in requests.keys { fail(requests[channel]?.failWaiting(.unavailable(failure))) }
    }
  }

  private func disconnect(_ breakage: Breakage) {
    handle.logger.warning(
      "Lost the connection to the message broker",
      metadata: ["error": "\(breakage.failure)"]
    )
    connection?.destroy()
    connection = nil
    self.breakage = nil
    lastFailure = breakage.failure
    retryAt = now + backoff.next(random: .random(in: 0..<1))
    contents = [:]
    writeAllowance = 0
    awaitsRoom = false
    complete(publishes.connectionLost(channelException: breakage.channelException))
    for channel in requests.keys { fail(requests[channel]?.connectionLost().map { [$0] }) }
    for channel in subscriptions.keys {
      voidDeliveries(of: channel)
      advance(channel) { $0.connectionLost() }
    }
  }

  private func closeIfDrained() {
    guard let closingUntil else { return }
    if connection == nil { complete(publishes.failWaiting(.closed)) }
    guard publishes.isEmpty || closingUntil <= now else { return }
    complete(publishes.failWaiting(.closed) + publishes.connectionLost())
    for channel in requests.keys {
      fail(requests[channel]?.failWaiting(.closed))
      fail(requests[channel]?.connectionLost().map { [$0] })
    }
    for subscription in subscriptions.values {
      _ = subscription.consumer.end()
      for waiter in subscription.cancelWaiters { waiter.resume() }
    }
    subscriptions = [:]
    if let connection {
      var timeout = Self.closeTimeout
      amqp_set_rpc_timeout(connection.state, &timeout)
      amqp_connection_close(connection.state, AMQP_REPLY_SUCCESS)
      connection.destroy()
      self.connection = nil
    }
    hasEnded = true
  }
}

// Waiting, and the socket.
extension ConnectionLoop {
  private func waitForWork() {
    let canSleep = handle.fallAsleep()
    let hasFrames =
      connection.map { amqp_frames_enqueued($0.state) != 0 || amqp_data_in_buffer($0.state) != 0 }
      ?? false
    descriptors[0] = pollfd(fd: handle.eventDescriptor, events: Int16(POLLIN), revents: 0)
    descriptors[1] = pollfd(
      fd: connection.map { amqp_get_sockfd($0.state) } ?? -1,
      events: Int16(POLLIN | (awaitsRoom ? POLLOUT : 0)),
      revents: 0
    )
    let ready = poll(descriptors, 2, canSleep && !hasFrames ? millisecondsToSleep() : 0)
    if canSleep { handle.wakeUp(drain: descriptors[0].revents != 0) }
    guard let connection else { return }
    let events = ready > 0 ? Int32(descriptors[1].revents) : 0
    if events & POLLOUT != 0 { awaitsRoom = false }
    // rabbitmq-c sends and checks heartbeats when asked for a frame.
    now = .now
    if hasFrames || events & ~POLLOUT != 0 || lastReceived + heartbeatCheck <= now {
      lastReceived = now
      receive(connection)
    }
  }

  /// A quarter of the heartbeat, so that ours are never late.
  private var heartbeatCheck: Duration {
    guard let connection else { return .seconds(3600) }
    let seconds = amqp_get_heartbeat(connection.state)
    return seconds > 0 ? .milliseconds(Int(seconds) * 250) : .seconds(3600)
  }

  private func millisecondsToSleep() -> Int32 {
    var next = now + heartbeatCheck
    func consider(_ instant: ContinuousClock.Instant?) {
      if let instant { next = min(next, instant) }
    }
    consider(publishes.nextDeadline)
    consider(closingUntil)
    if connection == nil, !isConnecting, closingUntil == nil { consider(retryAt) }
    for queue in requests.values { consider(queue.nextDeadline) }
    for subscription in subscriptions.values { consider(subscription.restUntil) }
    let wait = next - .now
    if wait <= .zero { return 0 }
    // Rounded up, else the last millisecond is spent spinning.
    return Int32(
      clamping: wait.components.seconds * 1_000 + wait.components.attoseconds
        / 1_000_000_000_000_000 + 1
    )
  }
}
