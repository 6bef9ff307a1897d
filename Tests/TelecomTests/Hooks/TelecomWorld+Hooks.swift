import Platform

@testable import Telecom

extension TelecomWorld {
  /// Lets a hook handle an event as the consumer does, in a transaction of its own.
  func handle<H: EventHandler>(_ hook: H, _ event: H.Content) async throws
  where H.Context == Telecom {
    try await telecom.transaction { telecom in try await hook.handle(event, in: telecom) }
  }
}
