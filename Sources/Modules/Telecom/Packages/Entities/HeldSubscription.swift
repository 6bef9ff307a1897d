import Contracts
import Platform

/// A subscription whose row this transaction has locked: only then may its queue change.
struct HeldSubscription: Hashable, Sendable {
  let id: Subscription.ID
  let account: Account.ID
}

extension HeldSubscription {
  init(_ row: LockSubscription.Row) { self.init(id: row.id, account: row.accountId) }
  init(_ row: LockFirstSubscription.Row) { self.init(id: row.id, account: row.accountId) }
  init(_ row: LockSubscriptions.Row) { self.init(id: row.id, account: row.accountId) }
  init(_ row: LockDueSubscriptions.Row) { self.init(id: row.id, account: row.accountId) }
}
