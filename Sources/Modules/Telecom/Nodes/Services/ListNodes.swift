import Contracts
import Platform

/// The nodes of a subscription's package in use, in the order of documents. None while nothing is
/// active, or its account is banned.
struct ListNodes: CustomerOperation {
  let subscription: Subscription.ID
  let account: Account.ID
  let page: PageRequest

  /// A node as its customer sees it.
  struct Node: Hashable, Sendable {
    let id: NodeClient.ID
    let name: String
    let region: String
    let tags: [String]
    let condition: NodeServerState.Condition
    /// The current billing factor, in thousandths.
    let currentFactor: Int32
    fileprivate let sortOrder: Int32
  }

  private struct Cursor: Codable {
    let sortOrder: Int32
    let name: String
    let id: NodeClient.ID
  }

  func perform(in telecom: Telecom) async throws -> Page<Node> {
    let owned = try await telecom.process(GetSubscription(id: subscription, account: account))
    guard !owned.suspended else { return Page(items: [], nextToken: "") }
    let cursor: Cursor? = try page.cursor()
    let now = telecom.clock.now
    let rows = try await telecom.process(
      NodeClient.ListOfSubscription(
        now: now,
        subscriptionID: subscription,
        afterID: cursor?.id,
        afterSortOrder: cursor?.sortOrder,
        afterName: cursor?.name,
        rowLimit: Int32(page.size + 1)
      )
    )
    let nodes = rows.map { Node($0, now: now) }
    return try Page(nodes, page) { Cursor(sortOrder: $0.sortOrder, name: $0.name, id: $0.id) }
  }
}

extension ListNodes.Node {
  fileprivate init(_ row: NodeClient.ListOfSubscription.Row, now: Instant) {
    currentFactor =
      CurrentFactor(
        usual: row.factorThousandths,
        schedule: row.factorSchedule,
        minute: row.localMinute
      ).thousandths
    let calls = NodeCalls(
      lastPulledAt: row.lastPulledAt,
      lastPushedAt: row.lastPushedAt,
      pullInterval: row.pullInterval,
      pushInterval: row.pushInterval
    )
    id = row.id
    name = row.name
    region = row.region
    tags = row.tags
    condition = NodeServerState.Condition(
      enabled: true,
      inMaintenance: row.inMaintenance,
      calls: calls.condition(at: now)
    )
    sortOrder = row.sortOrder
  }
}
