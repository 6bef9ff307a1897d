import Platform

/// The changes of an account's wallet, the newest first.
struct ListWalletEntries: CustomerOperation {
  let account: Account.ID
  let page: PageRequest

  func perform(in shop: Shop) async throws -> Page<WalletEntry> {
    let rows = try await shop.process(
      WalletEntry.List(
        accountID: account,
        before: try page.cursor(),
        rowLimit: Int32(page.size + 1)
      )
    )
    return try Page(rows.map(WalletEntry.init), page) { $0.id }
  }
}
