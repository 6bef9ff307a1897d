import CRabbitMQ
import Metrics

/// A consumer, and the state of its subscription on this connection.
struct ActiveSubscription {
  let consumer: AMQPConsumer
  var state = Subscription()
  var ledger = DeliveryLedger()
  /// Of the present opening of its channel.
  var generation: UInt64 = 0
  var restUntil: ContinuousClock.Instant?
  var backoff = Backoff()
  var cancelWaiters: [CheckedContinuation<Void, Never>] = []
}

extension ConnectionLoop {
  func subscribe(_ consumer: AMQPConsumer) {
    guard
      let channel = (Channels.firstOfSubscriptions...UInt16(AMQP_DEFAULT_MAX_CHANNELS)).first(
        where: { subscriptions[$0] == nil })
    else {
      _ = consumer.end(throwing: .overloaded)
      return
    }
    do {
      try AMQPError.requireShort(consumer.queue)
      try AMQPError.requireShort(consumer.tag)
    } catch {
      _ = consumer.end(throwing: error)
      return
    }
    subscriptions[channel] = ActiveSubscription(consumer: consumer)
    if connection != nil { advance(channel) { $0.connected() } }
  }

  /// The subscription's channel is gone: what is in hand can't be settled any more, and a receipt
  /// must not reach the channel's next opening.
  func voidDeliveries(of channel: UInt16) {
    subscriptions[channel]?.generation = 0
    subscriptions[channel]?.ledger = DeliveryLedger()
    subscriptions[channel]?.consumer.dropKept()
  }

  func cancel(_ consumer: AMQPConsumer, _ done: CheckedContinuation<Void, Never>?) {
    let kept = consumer.end()
    guard let channel = subscriptions.first(where: { $0.value.consumer === consumer })?.key else {
      done?.resume()
      return
    }
    if let done { subscriptions[channel]?.cancelWaiters.append(done) }
    // Before what is kept goes back, else it may come again.
    advance(channel) { $0.cancel(outstanding: $1) }
    for delivery in kept { settle(delivery.receipt, .nack(requeue: true)) }
    advance(channel) { $0.settled(outstanding: $1) }
  }

  /// Acknowledgements are noted, to be sent together; the others are sent at once.
  func settle(_ receipt: Receipt, _ settlement: Settlement) {
    let channel = receipt.channel
    if channel == Channels.get {
      guard receipt.generation == getGeneration else { return }
      note(receipt, settlement, in: &got)
    } else {
      guard var subscription = subscriptions[channel], subscription.generation == receipt.generation
      else { return }
      // Taken out, so that the ledger's storage is not copied.
      subscriptions[channel] = nil
      note(receipt, settlement, in: &subscription.ledger)
      subscriptions[channel] = subscription
    }
  }

  private func note(_ receipt: Receipt, _ settlement: Settlement, in ledger: inout DeliveryLedger) {
    switch settlement {
    case .ack: if ledger.ack(receipt.tag) { handle.metrics.acked.increment() }
    case .nack(let requeue):
      guard ledger.nack(receipt.tag) else { return }
      handle.metrics.nacked.increment()
      var method = amqp_basic_nack_t()
      method.delivery_tag = receipt.tag
      method.requeue = requeue ? 1 : 0
      transmit(AMQP_BASIC_NACK_METHOD, method, on: receipt.channel)
    }
  }

  func sendAcknowledgements() {
    guard connection != nil, breakage == nil else { return }
    acknowledge(got.flush(), on: Channels.get)
    for channel in subscriptions.keys {
      guard let frames = subscriptions[channel]?.ledger.flush() else { continue }
      acknowledge(frames, on: channel)
      advance(channel) { $0.settled(outstanding: $1) }
    }
  }

  private func acknowledge(_ frames: [DeliveryLedger.Acknowledgement], on channel: UInt16) {
    for frame in frames {
      transmit(
        AMQP_BASIC_ACK_METHOD,
        amqp_basic_ack_t(delivery_tag: frame.tag, multiple: frame.multiple ? 1 : 0),
        on: channel
      )
    }
  }

  func delivered(_ delivery: AMQPDelivery) {
    let channel = delivery.receipt.channel
    guard let subscription = subscriptions[channel] else { return }
    handle.metrics.consumed.increment()
    subscriptions[channel]?.ledger.delivered(delivery.receipt.tag)
    if !subscription.consumer.offer(delivery) { settle(delivery.receipt, .nack(requeue: true)) }
  }

  func advance(_ channel: UInt16, _ event: (inout Subscription) -> Subscription.Action) {
    advance(channel) { state, _ in event(&state) }
  }

  /// Tells a subscription what has happened, and does what it says.
  func advance(
    _ channel: UInt16,
    _ event: (inout Subscription, _ outstanding: Int) -> Subscription.Action
  ) {
    guard let subscription = subscriptions[channel] else { return }
    var state = subscription.state
    let action = event(&state, subscription.ledger.outstanding)
    subscriptions[channel]?.state = state
    perform(action, on: channel)
    if let subscription = subscriptions[channel], subscription.state.isQuiet {
      finishCancellation(channel)
    }
  }

  private func perform(_ action: Subscription.Action, on channel: UInt16) {
    guard let subscription = subscriptions[channel] else { return }
    switch action {
    case .none: break
    case .openChannel:
      subscriptions[channel]?.generation = handle.nextID()
      transmit(AMQP_CHANNEL_OPEN_METHOD, amqp_channel_open_t(), on: channel)
    case .consume:
      var limit = amqp_basic_qos_t()
      limit.prefetch_count = subscription.consumer.prefetch
      transmit(AMQP_BASIC_QOS_METHOD, limit, on: channel)
      var method = amqp_basic_consume_t()
      method.queue = arena.bytes(subscription.consumer.queue)
      method.consumer_tag = arena.bytes(subscription.consumer.tag)
      transmit(AMQP_BASIC_CONSUME_METHOD, method, on: channel)
    case .cancelConsume:
      var method = amqp_basic_cancel_t()
      method.consumer_tag = arena.bytes(subscription.consumer.tag)
      transmit(AMQP_BASIC_CANCEL_METHOD, method, on: channel)
    case .closeChannel:
      var method = amqp_channel_close_t()
      method.reply_code = UInt16(AMQP_REPLY_SUCCESS)
      transmit(AMQP_CHANNEL_CLOSE_METHOD, method, on: channel)
    case .rest:
      var backoff = subscription.backoff
      subscriptions[channel]?.restUntil = now + backoff.next(random: .random(in: 0..<1))
      subscriptions[channel]?.backoff = backoff
    case .fail(let error):
      _ = subscription.consumer.end(throwing: error)
      finishCancellation(channel)
      subscriptions[channel] = nil
    case .end:
      _ = subscription.consumer.end()
      finishCancellation(channel)
      subscriptions[channel] = nil
    }
  }

  private func finishCancellation(_ channel: UInt16) {
    guard let waiters = subscriptions[channel]?.cancelWaiters, !waiters.isEmpty else { return }
    subscriptions[channel]?.cancelWaiters = []
    for waiter in waiters { waiter.resume() }
  }
}
