import Contracts
import Platform

/// A subscription whose row this transaction has locked: only then may its queue change.
struct HeldSubscription: Hashable, Sendable {
  let id: Subscription.ID
  let account: Account.ID
}

extension HeldSubscription {
  init(_ row: HeldSubscription.Row) { self.init(id: row.id, account: row.accountID) }
}
