import Postgres

/// What a worker tells others, as JSON: an event or a job.
package protocol Message: Codable, Sendable {
  static var kind: MessageKind { get }
  static var name: String { get }
}

/// Something happened: `<module>.<noun>.<past participle>.v<N>`. Any number of hooks react to it.
package protocol Event: Message {}

/// Something is to be done, by one queue: `<module>.<job>`.
package protocol Job: Message {}

extension Event {
  package static var kind: MessageKind { .event }
}

extension Job {
  package static var kind: MessageKind { .job }
}

/// The two kinds of message, each with an exchange of its own.
package enum MessageKind: String, Sendable, CaseIterable, PostgresCodable {
  case event, job

  package var exchange: String {
    switch self {
    case .event: ExchangeName.events
    case .job: ExchangeName.jobs
    }
  }
}

/// The names of the exchanges and shared queues on the broker.
package enum ExchangeName {
  package static let events = "helium.events"
  package static let jobs = "helium.jobs"
  package static let deadLetters = "helium.dead"
}

/// What a handler knows about the message besides its content.
package struct MessageContext: Sendable, Hashable {
  package let id: Identifier<MessageID>
  package let name: String
  package let correlationID: String
  /// 1 on the first delivery.
  package let attempt: Int

  package init(id: Identifier<MessageID>, name: String, correlationID: String, attempt: Int) {
    self.id = id
    self.name = name
    self.correlationID = correlationID
    self.attempt = attempt
  }
}

/// What messages are named by, on the wire and in the inbox.
package enum MessageID {}
