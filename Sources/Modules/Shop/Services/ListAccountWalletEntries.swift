import Platform

/// The changes of an account's wallet, for operators.
struct ListAccountWalletEntries: AdminOperation {
  static let permission = Permission("shop.wallet.list_entries", .support)

  let account: Account.ID
  let page: PageRequest

  var target: AuditTarget { AuditTarget("account", account.description) }

  func perform(in shop: Shop, as admin: Authorized<Self>) async throws -> Page<WalletEntry> {
    try await shop.process(ListWalletEntries(account: account, page: page))
  }
}
