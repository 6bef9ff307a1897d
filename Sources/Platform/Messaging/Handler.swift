/// Reacts to another module's event, inside the transaction that records the message as handled.
package protocol EventHandler<Context>: Sendable {
  associatedtype Content: Event
  associatedtype Context: Module

  func handle(_ event: Content, in module: InTransaction<Context>) async throws
}

/// Does a job whose effect is in the database, inside the transaction that records the message as
/// handled.
package protocol JobHandler<Context>: Sendable {
  associatedtype Content: Job
  associatedtype Context: Module

  func handle(_ job: Content, in module: InTransaction<Context>) async throws
}

/// Does a job whose effect is outside the database (mail, HTTP); the message's id is its
/// idempotency key there.
package protocol ExternalJobHandler<Context>: Sendable {
  associatedtype Content: Job
  associatedtype Context: Module

  func handle(_ job: Content, message: MessageContext, in module: Context) async throws
}

/// Thrown by a handler to give up on a message at once, because a retry can't succeed. The message
/// goes to the dead letters.
package struct Discard: Error {
  package let reason: String

  package init(_ reason: String) {
    self.reason = reason
  }
}

/// A handler with its module, queue and message type erased: what the consumer runs.
package struct Hook: Sendable {
  package enum Delivery: Sendable {
    /// The effect is in PostgreSQL: it commits together with the inbox row.
    case transactional(@Sendable (_ body: [UInt8], _ transaction: Transaction) async throws -> Void)
    /// The effect is elsewhere.
    case external(@Sendable (_ body: [UInt8], _ message: MessageContext) async throws -> Void)
  }

  /// `<module>.<hook>`, the inbox's key; the queue is `helium.<name>`.
  package let name: String
  package let kind: MessageKind
  package let messageName: String
  package let delivery: Delivery
  /// How many messages of this queue one worker has in hand at a time. How many of them are handled
  /// at once, `HandlerSlots` decides.
  package let concurrency: Int
  /// The worker that takes its messages.
  package let worker: WorkMode

  package var queue: String { "helium.\(name)" }

  /// Enough that a queue never waits for the broker between two messages, few enough that another
  /// worker finds some too.
  package static let usualConcurrency = 8

  package init<H: EventHandler>(
    _ handler: H,
    named name: String,
    in module: H.Context,
    concurrency: Int = usualConcurrency,
    on worker: WorkMode = .consumer
  ) {
    self.worker = worker
    self.name = name
    kind = .event
    messageName = H.Content.name
    self.concurrency = concurrency
    delivery = .transactional { body, transaction in
      try await handler.handle(
        try Self.parse(H.Content.self, body),
        in: InTransaction(module.in(transaction), transaction)
      )
    }
  }

  /// A job's queue is named by the job itself.
  package init<H: JobHandler>(
    _ handler: H,
    in module: H.Context,
    concurrency: Int = usualConcurrency,
    on worker: WorkMode = .consumer
  ) {
    self.worker = worker
    name = H.Content.name
    kind = .job
    messageName = H.Content.name
    self.concurrency = concurrency
    delivery = .transactional { body, transaction in
      try await handler.handle(
        try Self.parse(H.Content.self, body),
        in: InTransaction(module.in(transaction), transaction)
      )
    }
  }

  package init<H: ExternalJobHandler>(
    _ handler: H,
    in module: H.Context,
    concurrency: Int = usualConcurrency,
    on worker: WorkMode = .consumer
  ) {
    self.worker = worker
    name = H.Content.name
    kind = .job
    messageName = H.Content.name
    self.concurrency = concurrency
    delivery = .external { body, message in
      try await handler.handle(try Self.parse(H.Content.self, body), message: message, in: module)
    }
  }

  /// A body that can't be read won't be readable later: it is given up at once.
  private static func parse<Content: Decodable>(_ type: Content.Type, _ body: [UInt8]) throws
    -> Content
  {
    do {
      return try JSON.decode(type, from: body)
    } catch {
      throw Discard("the body is not a valid \(type): \(error)")
    }
  }
}
