/// Who is subscribed to which channels, and what the server knows of it.
struct SubscriptionRegistry {
  private var subscribers: [UInt64: Subscriber] = [:]
  private var channels: [String: Set<UInt64>] = [:]
  /// How many SUBSCRIBEs of a channel the server has not confirmed on this connection.
  private var unconfirmed: [String: Int] = [:]
  private var isConnected = false

  private struct Subscriber {
    let channels: Set<String>
    /// Whether it has been told that its channels are confirmed, on this connection.
    var isAnnounced = false
    /// Whether it has been told so on an earlier one.
    var wasInterrupted = false
  }

  /// An event for a subscriber.
  struct Delivery: Hashable {
    let subscriber: UInt64
    let event: RedisSubscriptionEvent
  }

  /// Whether nobody is subscribed.
  var isEmpty: Bool { subscribers.isEmpty }

  /// Adds a subscriber. Returns the channels to SUBSCRIBE to, and what it can be told at once.
  mutating func add(_ id: UInt64, to names: [String]) -> (
    subscribe: [String], deliveries: [Delivery]
  ) {
    subscribers[id] = Subscriber(channels: Set(names))
    var new: [String] = []
    for name in subscribers[id]?.channels.sorted() ?? [] {
      if channels[name] == nil, isConnected { new.append(name) }
      channels[name, default: []].insert(id)
    }
    for name in new { unconfirmed[name, default: 0] += 1 }
    return (new, isConnected ? announce([id]) : [])
  }

  /// Removes a subscriber. Returns the channels to UNSUBSCRIBE from.
  mutating func remove(_ id: UInt64) -> [String] {
    guard let subscriber = subscribers.removeValue(forKey: id) else { return [] }
    var orphans: [String] = []
    for name in subscriber.channels.sorted() {
      channels[name]?.remove(id)
      guard channels[name]?.isEmpty == true else { continue }
      channels[name] = nil
      if isConnected { orphans.append(name) }
    }
    return orphans
  }

  /// There is a connection. Returns the channels to SUBSCRIBE to.
  mutating func connect() -> [String] {
    isConnected = true
    unconfirmed = channels.mapValues { _ in 1 }
    return channels.keys.sorted()
  }

  /// The connection is gone.
  mutating func disconnect() {
    isConnected = false
    unconfirmed = [:]
    for id in subscribers.keys where subscribers[id]?.isAnnounced == true {
      subscribers[id]?.isAnnounced = false
      subscribers[id]?.wasInterrupted = true
    }
  }

  /// Takes what the server has pushed.
  mutating func receive(_ push: [RESPValue]) -> [Delivery] {
    guard push.count == 3, let kind = push[0].text, let channel = push[1].text else { return [] }
    switch kind {
    case "message":
      guard let payload = push[2].bytes, let ids = channels[channel] else { return [] }
      let event = RedisSubscriptionEvent.message(RedisMessage(channel: channel, payload: payload))
      return ids.map { Delivery(subscriber: $0, event: event) }
    case "subscribe":
      guard let count = unconfirmed[channel] else { return [] }
      unconfirmed[channel] = count > 1 ? count - 1 : nil
      return announce(channels[channel] ?? [])
    default:
      return []
    }
  }

  /// Tells those of the subscribers whose channels are all confirmed.
  private mutating func announce(_ ids: Set<UInt64>) -> [Delivery] {
    var deliveries: [Delivery] = []
    for id in ids.sorted() {
      guard let subscriber = subscribers[id], !subscriber.isAnnounced else { continue }
      guard subscriber.channels.allSatisfy({ unconfirmed[$0] == nil }) else { continue }
      subscribers[id]?.isAnnounced = true
      deliveries.append(
        Delivery(subscriber: id, event: subscriber.wasInterrupted ? .reconnected : .subscribed)
      )
    }
    return deliveries
  }
}
