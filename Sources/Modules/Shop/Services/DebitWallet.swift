import FoundationEssentials
import Platform

/// Takes money from an account's wallet with a ledger entry; the new balance. A reference is
/// charged once per kind.
struct DebitWallet: Operation {
  let account: Account.ID
  let amount: Money
  let kind: WalletEntry.Kind
  let reference: UUID
  let reason: String

  func perform(in shop: InTransaction<Shop>) async throws -> Money {
    precondition(amount.isPositive, "callers check what they charge")
    let debit = Wallet.Debit(
      amount: amount.minorUnits,
      accountID: account,
      currency: amount.currency
    )
    guard let available = try await shop.process(debit) else {
      let currency = try await shop.process(Wallet.FindCurrency())
      throw currency == nil || currency == amount.currency
        ? WalletError.insufficientFunds : .walletCurrencyDiffers
    }
    try await shop.process(
      WalletEntry.Insert(
        id: shop.ids.next(),
        accountID: account,
        amount: -amount.minorUnits,
        currency: amount.currency,
        kind: kind,
        reference: reference,
        reason: reason,
        createdAt: shop.clock.now
      )
    )
    return Money(minorUnits: available, amount.currency)
  }
}
