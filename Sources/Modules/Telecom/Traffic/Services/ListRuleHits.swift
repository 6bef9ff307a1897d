import AgentProtocols
import Contracts
import Platform

/// Which users' traffic met nodes' rules, by day, the newest first.
struct ListRuleHits: AdminOperation {
  static let permission = Permission("telecom.rule_hit.list", .support)

  /// Nil: of every node.
  let node: NodeServer.ID?
  /// Nil: of every subscription.
  let subscription: Subscription.ID?
  let page: PageRequest

  var target: AuditTarget {
    AuditTarget("rule_hits", subscription?.description ?? node.map(String.init) ?? "")
  }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> Page<
    RuleHits.List.Row
  > {
    let rows = try await telecom.process(
      RuleHits.List(
        before: try page.cursor() ?? .max,
        nodeID: node,
        subscriptionID: subscription,
        rowLimit: Int32(page.size + 1)
      )
    )
    return try Page(rows, page) { $0.id }
  }
}
