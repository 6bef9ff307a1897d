import Contracts
import Platform

/// Who is online now, with the addresses, by node user id. Without Redis it is not known.
struct ListOnlineSubscriptions: AdminOperation {
  static let permission = Permission("telecom.online.list", .support)

  let page: PageRequest

  var target: AuditTarget { AuditTarget("online", "") }

  struct Online: Hashable, Sendable {
    let nodeUserID: Int32
    let subscription: Subscription.ID
    let account: Account.ID
    let addresses: [String]
  }

  struct Answer: Sendable {
    let page: Page<Online>
    /// Over all pages.
    let count: Int
  }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> Answer {
    let users = try await telecom.devices.users().sorted()
    let after: Int32 = try page.cursor() ?? 0
    let shown = Array(users.drop { $0 <= after }.prefix(page.size + 1))
    let subscriptions = try await telecom.process(
      Subscription.ListOfNodeUsers(nodeUserIDs: shown)
    )
    let known = Dictionary(uniqueKeysWithValues: subscriptions.map { ($0.nodeUserID, $0) })
    let addresses = try await telecom.devices.addresses(of: shown)
    let rows = shown.compactMap { user -> Online? in
      known[user].map {
        Online(
          nodeUserID: user,
          subscription: $0.id,
          account: $0.accountID,
          addresses: addresses[user] ?? []
        )
      }
    }
    return Answer(page: try Page(rows, page) { $0.nodeUserID }, count: users.count)
  }
}
