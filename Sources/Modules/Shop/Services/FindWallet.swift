import Platform

/// An account's wallet; nil before its first deposit.
struct FindWallet: Operation {
  let account: Account.ID

  func perform(in shop: Shop) async throws -> Wallet? {
    try await shop.database.process(Wallet.Find(accountID: account)).map { row in
      Wallet(
        available: Money(minorUnits: row.available, row.currency),
        frozen: Money(minorUnits: row.frozen, row.currency)
      )
    }
  }
}

/// The changes of an account's wallet, the newest first.
struct ListWalletEntries: Operation {
  let account: Account.ID
  let page: PageRequest

  func perform(in shop: Shop) async throws -> Page<WalletEntry> {
    let rows = try await shop.database.process(
      WalletEntry.List(
        accountID: account,
        before: try page.cursor(),
        rowLimit: Int32(page.size + 1)
      )
    )
    return try Page(rows.map(WalletEntry.init), page) { $0.id }
  }
}
