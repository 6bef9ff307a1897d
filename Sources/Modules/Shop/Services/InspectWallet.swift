import Platform

/// An account's wallet, for operators.
struct InspectWallet: AdminOperation {
  static let permission = Permission("shop.wallet.inspect", .support)

  let account: Account.ID

  var target: AuditTarget { AuditTarget("account", account.description) }

  func perform(in shop: Shop, as admin: Authorized<Self>) async throws -> Wallet? {
    try await shop.process(FindWallet(account: account))
  }
}
