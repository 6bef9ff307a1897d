import CRabbitMQ
import Glibc
import Logging
import Metrics

/// A message of which frames are still to come.
struct IncomingContent {
  let origin: Origin
  var message = AMQPMessage()
  var missing = 0

  /// The method that announced it.
  enum Origin {
    case delivered(Envelope)
    case got(Envelope)
    case returned(code: UInt16, text: String, exchange: String, routingKey: String)
  }

  /// What basic.deliver and basic.get-ok have in common.
  struct Envelope {
    let tag: UInt64
    let redelivered: Bool
    let exchange: String
    let routingKey: String
  }
}

extension ConnectionLoop {
  /// Handles every frame that is here.
  func receive(_ connection: OpenConnection) {
    var frame = amqp_frame_t()
    while breakage == nil {
      var noWait = timeval(tv_sec: 0, tv_usec: 0)
      let status = amqp_simple_wait_frame_noblock(connection.state, &frame, &noWait)
      if status == AMQP_STATUS_TIMEOUT.rawValue { return }
      check(status)
      if breakage != nil { return }
      switch Int32(frame.frame_type) {
      case AMQP_FRAME_METHOD:
        if let decoded = frame.payload.method.decoded {
          receive(frame.payload.method.id, decoded, on: frame.channel)
        }
      case AMQP_FRAME_HEADER: receiveHeader(frame)
      case AMQP_FRAME_BODY: receiveBody(frame)
      default: break
      }
      // Everything of the frame has been copied.
      amqp_maybe_release_buffers_on_channel(connection.state, frame.channel)
    }
  }
}

extension ConnectionLoop {
  private func receive(
    _ method: amqp_method_number_t,
    _ decoded: UnsafeMutableRawPointer,
    on channel: UInt16
  ) {
    switch method {
    case AMQP_BASIC_ACK_METHOD:
      let ack = decoded.load(as: amqp_basic_ack_t.self)
      confirmed(sequence: ack.delivery_tag, multiple: ack.multiple != 0, isAck: true)
    case AMQP_BASIC_NACK_METHOD:
      let nack = decoded.load(as: amqp_basic_nack_t.self)
      confirmed(sequence: nack.delivery_tag, multiple: nack.multiple != 0, isAck: false)
    case AMQP_BASIC_RETURN_METHOD:
      let method = decoded.load(as: amqp_basic_return_t.self)
      contents[channel] = IncomingContent(
        origin: .returned(
          code: method.reply_code,
          text: String(method.reply_text),
          exchange: String(method.exchange),
          routingKey: String(method.routing_key)
        )
      )
    case AMQP_BASIC_DELIVER_METHOD:
      let method = decoded.load(as: amqp_basic_deliver_t.self)
      contents[channel] = IncomingContent(
        origin: .delivered(
          .init(
            tag: method.delivery_tag,
            redelivered: method.redelivered != 0,
            exchange: String(method.exchange),
            routingKey: String(method.routing_key)
          )
        )
      )
    case AMQP_BASIC_GET_OK_METHOD:
      let method = decoded.load(as: amqp_basic_get_ok_t.self)
      contents[channel] = IncomingContent(
        origin: .got(
          .init(
            tag: method.delivery_tag,
            redelivered: method.redelivered != 0,
            exchange: String(method.exchange),
            routingKey: String(method.routing_key)
          )
        )
      )
    case AMQP_CHANNEL_CLOSE_METHOD:
      let close = decoded.load(as: amqp_channel_close_t.self)
      channelClosed(channel, code: close.reply_code, text: String(close.reply_text))
    case AMQP_CONNECTION_CLOSE_METHOD, AMQP_CONNECTION_BLOCKED_METHOD,
      AMQP_CONNECTION_UNBLOCKED_METHOD:
      receiveOnConnection(method, decoded)
    default:
      if subscriptions[channel] != nil {
        receiveOnSubscription(method, channel)
      } else {
        receiveReply(method, decoded, on: channel)
      }
    }
  }

  private func receiveOnConnection(
    _ method: amqp_method_number_t,
    _ decoded: UnsafeMutableRawPointer
  ) {
    switch method {
    case AMQP_CONNECTION_CLOSE_METHOD:
      let close = decoded.load(as: amqp_connection_close_t.self)
      let failure = AMQPConnectionFailure.closedByBroker(
        code: close.reply_code,
        text: String(close.reply_text)
      )
      transmit(AMQP_CONNECTION_CLOSE_OK_METHOD, amqp_connection_close_ok_t(), on: 0)
      breakage = Breakage(failure: failure)
    case AMQP_CONNECTION_BLOCKED_METHOD:
      let reason = String(decoded.load(as: amqp_connection_blocked_t.self).reason)
      handle.logger.warning(
        "The message broker has blocked publishers",
        metadata: ["amqp.reason": "\(reason)"]
      )
      publishes.isBlocked = true
    default:
      handle.logger.info("The message broker accepts messages again")
      publishes.isBlocked = false
    }
  }

  private func channelClosed(_ channel: UInt16, code: UInt16, text: String) {
    transmit(AMQP_CHANNEL_CLOSE_OK_METHOD, amqp_channel_close_ok_t(), on: channel)
    contents[channel] = nil
    if requests[channel] != nil {
      requestChannelClosed(channel, code: code, text: text)
    } else if subscriptions[channel] != nil {
      voidDeliveries(of: channel)
      advance(channel) { $0.channelClosed(code: code, text: text) }
    } else {
      // The publishing channel: a new connection also declares the topology again, which is what
      // may be missing.
      breakage = Breakage(
        failure: .closedByBroker(code: code, text: text),
        channelException: (code, text)
      )
    }
  }

  private func receiveOnSubscription(_ method: amqp_method_number_t, _ channel: UInt16) {
    switch method {
    case AMQP_CHANNEL_OPEN_OK_METHOD: advance(channel) { $0.channelOpened() }
    case AMQP_BASIC_CONSUME_OK_METHOD:
      subscriptions[channel]?.backoff.reset()
      advance(channel) { $0.subscribed() }
    case AMQP_BASIC_CANCEL_OK_METHOD: advance(channel) { $0.cancelled(outstanding: $1) }
    case AMQP_BASIC_CANCEL_METHOD: advance(channel) { $0.cancelledByBroker(outstanding: $1) }
    case AMQP_CHANNEL_CLOSE_OK_METHOD: advance(channel) { $0.channelClosed(code: 0, text: "") }
    default: break
    }
  }

  private func receiveReply(
    _ method: amqp_method_number_t,
    _ decoded: UnsafeMutableRawPointer,
    on channel: UInt16
  ) {
    switch method {
    case AMQP_CHANNEL_OPEN_OK_METHOD: requests[channel]?.channelOpened()
    case AMQP_QUEUE_DECLARE_OK_METHOD:
      let reply = decoded.load(as: amqp_queue_declare_ok_t.self)
      replied(
        .queue(messages: Int(reply.message_count), consumers: Int(reply.consumer_count)),
        on: channel
      )
    case AMQP_QUEUE_PURGE_OK_METHOD:
      replied(.count(Int(decoded.load(as: amqp_queue_purge_ok_t.self).message_count)), on: channel)
    case AMQP_QUEUE_DELETE_OK_METHOD:
      replied(.count(Int(decoded.load(as: amqp_queue_delete_ok_t.self).message_count)), on: channel)
    case AMQP_BASIC_GET_EMPTY_METHOD: replied(.delivery(nil), on: channel)
    case AMQP_EXCHANGE_DECLARE_OK_METHOD, AMQP_QUEUE_BIND_OK_METHOD, AMQP_BASIC_QOS_OK_METHOD:
      replied(.done, on: channel)
    default: break
    }
  }

  private func receiveHeader(_ frame: amqp_frame_t) {
    guard var content = contents[frame.channel], let decoded = frame.payload.properties.decoded
    else { return }
    content.message = AMQPMessage(decoded.load(as: amqp_basic_properties_t.self))
    content.missing = Int(clamping: frame.payload.properties.body_size)
    content.message.body.reserveCapacity(min(content.missing, AMQPMessage.maxBodyBytes))
    contents[frame.channel] = content
    completeContent(frame.channel)
  }

  private func receiveBody(_ frame: amqp_frame_t) {
    let fragment = frame.payload.body_fragment
    contents[frame.channel]?.message.body.append(
      contentsOf: UnsafeRawBufferPointer(start: fragment.bytes, count: fragment.len)
    )
    contents[frame.channel]?.missing -= fragment.len
    completeContent(frame.channel)
  }

  /// Acts upon a message if all of its frames are here.
  private func completeContent(_ channel: UInt16) {
    guard let content = contents[channel], content.missing <= 0 else { return }
    contents[channel] = nil
    let message = content.message
    switch content.origin {
    case .delivered(let envelope):
      guard let subscription = subscriptions[channel] else { return }
      delivered(
        delivery(message, envelope, subscription.consumer.queue, channel, subscription.generation)
      )
    case .got(let envelope):
      let queue = requests[channel]?.currentQueue ?? ""
      got.delivered(envelope.tag)
      replied(.delivery(delivery(message, envelope, queue, channel, getGeneration)), on: channel)
    case .returned(let code, let text, let exchange, let routingKey):
      handle.metrics.returned.increment()
      publishes.markReturned(
        exchange: exchange,
        routingKey: routingKey,
        messageID: message.messageID,
        error: .unroutable(code: code, text: text)
      )
    }
  }

  private func delivery(
    _ message: AMQPMessage,
    _ envelope: IncomingContent.Envelope,
    _ queue: String,
    _ channel: UInt16,
    _ generation: UInt64
  ) -> AMQPDelivery {
    AMQPDelivery(
      message: message,
      exchange: envelope.exchange,
      routingKey: envelope.routingKey,
      redelivered: envelope.redelivered,
      queue: queue,
      receipt: Receipt(channel: channel, generation: generation, tag: envelope.tag),
      connection: handle
    )
  }
}
