import CRabbitMQ

extension ConnectionLoop {
  func submit(_ pending: Command.Request) {
    let channel: UInt16 = if case .get = pending.request { Channels.get } else { Channels.control }
    if let refusal = requests[channel]?.submit(pending) { fail([refusal]) }
  }

  /// Sends each channel's next request, if its last one is answered.
  func sendRequests() {
    guard let connection, breakage == nil else { return }
    for channel in requests.keys {
      guard let request = requests[channel]?.next() else { continue }
      let status = request.withMethod(in: arena) { number, method, _ in
        amqp_send_method(connection.state, channel, number, method)
      }
      arena.recycle()
      check(status)
    }
  }

  /// A reply to the channel's request has come.
  func replied(_ reply: AMQPReply, on channel: UInt16) {
    guard let waiter = requests[channel]?.replied() else {
      // Its caller has given up: a message goes back to its queue.
      if case .delivery(let delivery?) = reply { settle(delivery.receipt, .nack(requeue: true)) }
      return
    }
    waiter.resume(returning: reply)
  }

  /// The broker closed a channel of requests over its request.
  func requestChannelClosed(_ channel: UInt16, code: UInt16, text: String) {
    fail(requests[channel]?.channelClosed(code: code, text: text).map { [$0] })
    if channel == Channels.get {
      got = DeliveryLedger()
      getGeneration = handle.nextID()
    }
    transmit(AMQP_CHANNEL_OPEN_METHOD, amqp_channel_open_t(), on: channel)
  }
}
