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
    var violations: [FieldViolation] = []
    violations.check(
      Wallet.accepts(amount),
      "amount.minor_units",
      "must be from 1 to \(Wallet.largestAmount)"
    )
    violations.check(line: reason, of: 1...Self.longestReason, "reason")
    try violations.throwIfAny()
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
    guard try await shop.accounts.standing(of: account, in: shop.database) != nil else {
      throw NotFound("account")
    }
    let key = try idempotencyKey(of: admin)
    let credit = CreditWallet(
      account: account,
      amount: amount,
      kind: .deposit,
      reference: shop.ids.next(DepositToWallet.self).uuid,
      reason: reason
    )
    let request = Request(account: account, amount: amount, reason: reason)
    return try await shop.transaction { shop, transaction in
      try await transaction.idempotently(key, request: request, at: shop.clock.now) {
        guard try await transaction.settlesWallets(in: amount.currency) else {
          throw InvalidInput("amount.currency_code", "must be the currency of the wallets")
        }
        return try await shop.process(credit)
      }
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

/// The changes of an account's wallet, for operators.
struct ListWalletEntriesAsAdmin: AdminOperation {
  static let permission = Permission("shop.wallet.list_entries")

  let account: Account.ID
  let page: PageRequest

  var target: AuditTarget { AuditTarget("account", account.description) }

  func perform(in shop: Shop, as admin: Authorized<Self>) async throws -> Page<WalletEntry> {
    try await shop.process(ListWalletEntries(account: account, page: page))
  }
}
