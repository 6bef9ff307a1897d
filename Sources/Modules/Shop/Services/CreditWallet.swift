import FoundationEssentials
import Platform

/// Adds money to an account's wallet with a ledger entry; the new balance. A reference is credited once per kind.
struct CreditWallet: Operation {
  let account: Account.ID
  let amount: Money
  let kind: WalletEntry.Kind
  let reference: UUID
  let reason: String

  func perform(in shop: Shop) async throws -> Money {
    guard amount.isPositive else { throw WalletError.amountNotPositive }
    return try await shop.transaction { shop, transaction in
      let now = shop.clock.now
      try await transaction.process(ClaimWalletCurrency(currency: amount.currency))
      guard try await transaction.process(SelectWalletCurrency()) == amount.currency else { throw WalletError.wrongCurrency }
      try await transaction.process(OpenWallet(accountId: account, currency: amount.currency, createdAt: now))
      let credit = CreditWalletRow(amount: amount.minorUnits, accountId: account, currency: amount.currency)
      guard let available = try await transaction.process(credit) else { throw WalletError.wrongCurrency }
      try await transaction.process(
        InsertWalletEntry(
          id: shop.ids.next(), accountId: account, amount: amount.minorUnits, currency: amount.currency, kind: kind,
          reference: reference, reason: reason, createdAt: now))
      return Money(minorUnits: available, amount.currency)
    }
  }
}

/// Takes money from an account's wallet with a ledger entry; the new balance. A reference is charged once per kind.
struct DebitWallet: Operation {
  let account: Account.ID
  let amount: Money
  let kind: WalletEntry.Kind
  let reference: UUID
  let reason: String

  func perform(in shop: Shop) async throws -> Money {
    guard amount.isPositive else { throw WalletError.amountNotPositive }
    return try await shop.transaction { shop, transaction in
      let debit = DebitWalletRow(amount: amount.minorUnits, accountId: account, currency: amount.currency)
      guard let available = try await transaction.process(debit) else { throw WalletError.insufficientFunds }
      try await transaction.process(
        InsertWalletEntry(
          id: shop.ids.next(), accountId: account, amount: -amount.minorUnits, currency: amount.currency, kind: kind,
          reference: reference, reason: reason, createdAt: shop.clock.now))
      return Money(minorUnits: available, amount.currency)
    }
  }
}
