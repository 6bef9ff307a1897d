/// What a subscription tells its reader.
package enum RedisSubscriptionEvent: Sendable, Hashable {
  /// The server has confirmed every channel: what is published from now on arrives.
  case subscribed
  /// The connection was lost and every channel is confirmed again: messages of the time between are
  /// lost.
  case reconnected
  /// The reader was too slow, and messages are lost.
  case overflowed
  case message(RedisMessage)
}

/// A message published to a channel.
package struct RedisMessage: Sendable, Hashable {
  /// The channel's name, without the key prefix.
  package let channel: String
  package let payload: [UInt8]

  package init(channel: String, payload: [UInt8]) {
    self.channel = channel
    self.payload = payload
  }
}
