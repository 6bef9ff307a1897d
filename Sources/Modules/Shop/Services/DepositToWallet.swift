import Contracts
import Platform

/// Adds money to an account's wallet, with a reason that the audit log keeps.
struct DepositToWallet: AdminOperation {
  static let permission = Permission("shop.wallet.deposit")

  let account: Account.ID
  let amount: Money
  let reason: String

  static let longestReason = 500

  init(account: Account.ID, amount: Money, reason: String) throws {
    guard (1...Self.longestReason).contains(reason.count) else {
      throw InvalidInput("reason", "must have 1 to \(Self.longestReason) characters")
    }
    self.account = account
    self.amount = amount
    self.reason = reason
  }

  private struct Request: Encodable {
    let account: Account.ID
    let amount: Money
    let reason: String
  }

  var target: AuditTarget { AuditTarget("account", account.description) }
  var detail: String { "\(amount.minorUnits) \(amount.currency.code): \(reason)" }

  func perform(in shop: Shop, as admin: Authorized<Self>) async throws -> Money {
    guard try await shop.accounts.standing(of: account, in: shop.database) != nil else { throw NotFound("account") }
    let key = try IdempotencyKey(caller: Account.ID(admin.admin.id.uuid), method: "DepositToWallet")
    let credit = CreditWallet(
      account: account, amount: amount, kind: .deposit, reference: shop.ids.next(DepositToWallet.self).uuid, reason: reason)
    let request = Request(account: account, amount: amount, reason: reason)
    return try await shop.transaction { shop, transaction in
      try await transaction.idempotently(key, request: request, at: shop.clock.now) { try await shop.process(credit) }
    }
  }
}

/// An account's wallet, for operators.
struct InspectWallet: AdminOperation {
  static let permission = Permission("shop.wallet.inspect")

  let account: Account.ID

  var target: AuditTarget { AuditTarget("account", account.description) }

  func perform(in shop: Shop, as admin: Authorized<Self>) async throws -> Wallet? {
    try await shop.process(FindWallet(account: account))
  }
}
