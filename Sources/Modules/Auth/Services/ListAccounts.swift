import Platform

/// The accounts, the newest first; a filter that is nil lets every account through.
struct ListAccounts: AdminOperation {
  static let permission = Permission("auth.account.list", .support)

  let email: EmailAddress?
  var isBanned: Bool?
  let page: PageRequest

  var target: AuditTarget { AuditTarget("account", "") }

  func perform(in auth: Auth, as admin: Authorized<Self>) async throws -> Page<Account.Row> {
    let rows = try await auth.process(
      Account.Search(
        before: try page.cursor(),
        withEmail: email?.text,
        banned: isBanned,
        rowLimit: Int32(page.size + 1)
      )
    )
    return try Page(rows, page) { $0.id }
  }
}
