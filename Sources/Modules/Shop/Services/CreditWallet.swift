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

  func perform(in shop: Shop) async throws -> Money {
    precondition(amount.isPositive, "callers check what they credit")
    return try await shop.transaction { shop, transaction in
      let now = shop.clock.now
      guard try await transaction.settlesWallets(in: amount.currency) else {
        throw WalletError.walletCurrencyDiffers
      }
      try await transaction.process(
        Wallet.Open(accountID: account, currency: amount.currency, createdAt: now)
      )
      let credit = Wallet.Credit(
        amount: amount.minorUnits,
        accountID: account,
        currency: amount.currency
      )
      guard let available = try await transaction.process(credit) else {
        throw WalletError.walletCurrencyDiffers
      }
      try await transaction.process(
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
}

/// Takes money from an account's wallet with a ledger entry; the new balance. A reference is
/// charged once per kind.
struct DebitWallet: Operation {
  let account: Account.ID
  let amount: Money
  let kind: WalletEntry.Kind
  let reference: UUID
  let reason: String

  func perform(in shop: Shop) async throws -> Money {
    precondition(amount.isPositive, "callers check what they charge")
    return try await shop.transaction { shop, transaction in
      let debit = Wallet.Debit(
        amount: amount.minorUnits,
        accountID: account,
        currency: amount.currency
      )
      guard let available = try await transaction.process(debit) else {
        let currency = try await transaction.process(Wallet.FindCurrency())
        throw currency == nil || currency == amount.currency
          ? WalletError.insufficientFunds : .walletCurrencyDiffers
      }
      try await transaction.process(
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
}

extension Transaction {
  /// Whether wallets are kept in `currency`; the first one asked for becomes theirs for good.
  func settlesWallets(in currency: Currency) async throws -> Bool {
    try await process(Wallet.ClaimCurrency(currency: currency))
    return try await process(Wallet.FindCurrency()) == currency
  }
}
