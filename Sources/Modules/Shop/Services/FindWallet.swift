import Platform

/// An account's wallet; nil before its first deposit.
struct FindWallet: CustomerOperation {
  let account: Account.ID

  func perform(in shop: Shop) async throws -> Wallet? {
    try await shop.process(Wallet.Find(accountID: account)).map { row in
      Wallet(
        available: Money(minorUnits: row.available, row.currency),
        frozen: Money(minorUnits: row.frozen, row.currency)
      )
    }
  }
}
