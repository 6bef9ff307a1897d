import FoundationEssentials
import ServiceContextModule

extension Transaction {
  /// Writes `message` to the outbox; the relay sends it after the commit.
  package func publish(_ message: some Message) async throws {
    try await publish([message])
  }

  /// Writes `messages` to the outbox, in their order.
  package func publish(_ messages: [any Message]) async throws {
    let request = RequestContext.current
    for message in messages {
      let id = IdentifierSource(clock: .system).next(MessageID.self)
      try await process(
        Outbox.Insert(
          id: id,
          kind: type(of: message).kind,
          name: type(of: message).name,
          body: try JSON.encode(message),
          correlationID: request?.requestID ?? id.description,
          causationID: request?.causationID,
          traceparent: ServiceContext.current?.trace?.traceparent,
          createdAt: WallClock.system.now
        )
      )
    }
    open.notePublished()
  }
}
