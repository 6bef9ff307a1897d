package import Contracts
import FieldViolations
package import Platform

/// Puts copies of a series' newest package into a subscription's queue, without an order.
package struct GrantPackage: AdminOperation {
  package static let permission = Permission("telecom.subscription.grant", .moderators)
  package static let repeats = Repeats.firstAnswer

  let account: Account.ID
  let subscription: Subscription.ID?
  let package: PurchasedPackage
  let reason: String

  /// `subscription` nil: the account's first. Throws all fields that are wrong.
  package init(
    account: Account.ID,
    subscription: Subscription.ID? = nil,
    series: PackageSeries.ID,
    amount: Int = 1,
    reason: String
  ) throws(InvalidInput) {
    var violations: [FieldViolation] = []
    violations.check(
      (1...PurchasedPackage.maxCopies).contains(amount),
      "amount",
      "must be 1 to \(PurchasedPackage.maxCopies)"
    )
    violations.checkReason(reason)
    try violations.throwIfAny()
    self.account = account
    self.subscription = subscription
    self.package = PurchasedPackage(series: series, amount: amount)
    self.reason = reason
  }

  package var target: AuditTarget { AuditTarget("account", account.description) }
  package var detail: String { "grant \(package.amount) of \(package.series): \(reason)" }

  package func perform(
    in telecom: InTransaction<Telecom>,
    as admin: Authorized<Self>
  ) async throws -> QueuedPackages {
    guard try await telecom.accounts.standing(of: account, in: telecom.database) != nil else {
      throw NotFound("account")
    }
    return try await telecom.process(
      QueuePackages(
        account: account,
        subscription: subscription,
        packages: [package],
        order: nil
      )
    )
  }
}
