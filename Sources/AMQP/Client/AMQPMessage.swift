/// A message: its properties, headers and body.
package struct AMQPMessage: Hashable, Sendable {
  package var messageID: String?
  package var correlationID: String?
  /// The message's type, for example the name of an event.
  package var type: String?
  /// Seconds since 1970.
  package var timestamp: Int64?
  package var appID: String?
  package var contentType: String?
  /// Whether a durable queue keeps the message over a restart of the broker.
  package var persistent: Bool
  /// 0 (lowest) to 255.
  package var priority: UInt8?
  /// Milliseconds after which a queue drops or dead-letters the message, as decimal text.
  package var expiration: String?
  package var headers: [String: AMQPHeaderValue]
  package var body: [UInt8]

  /// Creates a message, persistent unless told otherwise.
  package init(
    messageID: String? = nil,
    correlationID: String? = nil,
    type: String? = nil,
    timestamp: Int64? = nil,
    appID: String? = nil,
    contentType: String? = nil,
    persistent: Bool = true,
    priority: UInt8? = nil,
    expiration: String? = nil,
    headers: [String: AMQPHeaderValue] = [:],
    body: [UInt8] = []
  ) {
    self.messageID = messageID
    self.correlationID = correlationID
    self.type = type
    self.timestamp = timestamp
    self.appID = appID
    self.contentType = contentType
    self.persistent = persistent
    self.priority = priority
    self.expiration = expiration
    self.headers = headers
    self.body = body
  }

  /// Headers must fit one frame (128 KiB) together with the other properties; half of that leaves
  /// room for those.
  package static let maxHeaderBytes = 65_536
  /// RabbitMQ 3.10 refuses messages above its `max_message_size`.
  package static let maxBodyBytes = 134_217_728

  /// Refuses what could not be encoded, before half of it has been sent.
  func validate() throws(AMQPError) {
    for property in [messageID, correlationID, type, appID, contentType, expiration] {
      try AMQPError.requireShort(property ?? "")
    }
    guard body.count <= Self.maxBodyBytes else {
      throw .invalid("a body of more than \(Self.maxBodyBytes) bytes")
    }
    if headers.isEmpty { return }
    guard try AMQPHeaderValue.encodedSize(of: headers) <= Self.maxHeaderBytes else {
      throw .invalid("headers of more than \(Self.maxHeaderBytes) bytes")
    }
  }
}
