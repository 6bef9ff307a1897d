import Contracts
import FieldViolations
import Platform

/// Locks a package and its subscription, in the order of locks.
struct HoldItem: Operation {
  let id: PackageQueueItem.ID

  func perform(in telecom: InTransaction<Telecom>) async throws -> HeldItem {
    guard let subscription = try await telecom.process(QueueItem.FindSubscription(id: id)),
      let held = try await telecom.process(Subscription.Lock(id: subscription)),
      let row = try await telecom.process(QueueItem.Lock(id: id))
    else { throw NotFound("packageQueueItem") }
    return HeldItem(subscription: HeldSubscription(held), item: QueueItem(row))
  }
}

/// One package of a queue, locked together with its subscription.
struct HeldItem: Sendable {
  let subscription: HeldSubscription
  let item: QueueItem
}

extension [FieldViolation] {
  /// Notes that the reason of an operator's change must be a line of text, unless it is.
  mutating func checkReason(_ reason: String) {
    check(line: reason, of: TextLengths.reason, "reason")
  }
}
