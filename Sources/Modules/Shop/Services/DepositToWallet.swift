import Contracts
import FieldViolations
import Platform

/// Adds money to an account's wallet, with a reason that the audit log keeps.
struct DepositToWallet: AdminOperation {
  static let permission = Permission("shop.wallet.deposit", .moderators)
  static let repeats = Repeats.firstAnswer

  let account: Account.ID
  let amount: Money
  let reason: String

  static let maxReasonLength = 500

  init(account: Account.ID, amount: Money, reason: String) throws {
    var violations: [FieldViolation] = []
    violations.check(
      Wallet.accepts(amount),
      "amount.minor_units",
      "must be from 1 to \(Wallet.largestAmount)"
    )
    violations.check(line: reason, of: 1...Self.maxReasonLength, "reason")
    try violations.throwIfAny()
    self.account = account
    self.amount = amount
    self.reason = reason
  }

  var target: AuditTarget { AuditTarget("account", account.description) }
  var detail: String { "\(amount.minorUnits) \(amount.currency.code): \(reason)" }

  func perform(in shop: InTransaction<Shop>, as admin: Authorized<Self>) async throws -> Money {
    guard try await shop.accounts.standing(of: account, in: shop.database) != nil else {
      throw NotFound("account")
    }
    guard try await shop.settlesWallets(in: amount.currency) else {
      throw InvalidInput("amount.currency_code", "must be in the currency of the wallets")
    }
    return try await shop.process(
      CreditWallet(
        account: account,
        amount: amount,
        kind: .deposit,
        reference: shop.ids.next(DepositToWallet.self).uuid,
        reason: reason
      )
    )
  }
}
