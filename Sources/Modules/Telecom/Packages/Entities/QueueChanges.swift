import Contracts
import Platform

/// What happened to queues, ready to be stored.
struct QueueChanges: Sendable {
  private(set) var ended: [QueueItem] = []
  private(set) var activated: [QueueItem] = []
  private(set) var reset: [QueueItem] = []
  /// Items whose traffic is used up until the next reset, or no longer is.
  private(set) var marked: [QueueItem] = []
  private(set) var events: [any Message] = []

  /// The groups that lost or won a member.
  var groups: Set<NodeGroup.ID> { Set((ended + activated + reset + marked).map(\.group)) }

  mutating func add(_ changes: [PackageQueue.Change], of subscription: HeldSubscription) {
    for change in changes {
      switch change {
      case .ended(let item, let reason):
        ended.append(item)
        events.append(
          PackageConsumed(
            account: subscription.account,
            subscription: subscription.id,
            item: item.id,
            reason: reason == .exhausted ? .exhausted : .expired
          )
        )
      case .activated(let item):
        activated.append(item)
        events.append(
          PackageActivated(
            account: subscription.account,
            subscription: subscription.id,
            item: item.id
          )
        )
      case .reset(let item):
        reset.append(item)
        events.append(
          PackageTrafficReset(
            account: subscription.account,
            subscription: subscription.id,
            item: item.id
          )
        )
      case .exhausted(let item):
        marked.append(item)
        events.append(
          PackageTrafficExhausted(
            account: subscription.account,
            subscription: subscription.id,
            item: item.id
          )
        )
      case .replenished(let item):
        marked.append(item)
      }
    }
  }
}
