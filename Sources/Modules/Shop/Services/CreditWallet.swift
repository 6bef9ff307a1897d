import FoundationEssentials
import Platform

/// Adds money to an account's wallet with a ledger entry; the new balance. A reference is credited
/// once per kind.
struct CreditWallet: Operation {
  let account: Account.ID
  let amount: Money
  let kind: WalletEntry.Kind
  let reference: UUID
  let reason: String

  func perform(in shop: InTransaction<Shop>) async throws -> Money {
    precondition(amount.isPositive, "callers check what they credit")
    let now = shop.clock.now
    guard try await shop.settlesWallets(in: amount.currency) else {
      throw WalletError.walletCurrencyDiffers
    }
    try await shop.process(
      Wallet.Open(accountID: account, currency: amount.currency, createdAt: now)
    )
    let credit = Wallet.Credit(
      amount: amount.minorUnits,
      accountID: account,
      currency: amount.currency
    )
    guard let available = try await shop.process(credit) else {
      throw WalletError.walletCurrencyDiffers
    }
    try await shop.process(
      WalletEntry.Insert(
        id: shop.ids.next(),
        accountID: account,
        amount: amount.minorUnits,
        currency: amount.currency,
        kind: kind,
        reference: reference,
        reason: reason,
        createdAt: now
      )
    )
    return Money(minorUnits: available, amount.currency)
  }
}

extension InTransaction<Shop> {
  /// Whether wallets are kept in `currency`. The first currency asked for becomes the wallets'
  /// currency for good.
  func settlesWallets(in currency: Currency) async throws -> Bool {
    try await process(Wallet.ClaimCurrency(currency: currency))
    return try await process(Wallet.FindCurrency()) == currency
  }
}
