package import Contracts
package import Platform

/// The nodes and packages of the demo data.
package struct DemoNetwork: Hashable, Sendable {
  package let nodes: [Node]
  /// From the smallest package to the one of the first customer.
  package let series: [PackageSeries.ID]

  /// A demo node as its agent calls.
  package struct Node: Hashable, Sendable {
    package let id: NodeServer.ID
    /// The protocol, by the name that agents have for it.
    package let type: String
    package let token: String
  }
}

/// Makes the nodes and packages of the demo data, unless they are there, and gives each node its
/// token.
package struct SeedDemoNetwork: Operation {
  let admin: Admin
  let token: @Sendable (NodeServer.ID) -> String

  /// `token` names the token of each node: 32 bytes in base64url.
  package init(by admin: Admin, token: @escaping @Sendable (NodeServer.ID) -> String) {
    self.admin = admin
    self.token = token
  }

  package func perform(in telecom: Telecom) async throws -> DemoNetwork {
    try await telecom.transaction { telecom, transaction in
      if try await transaction.process(DemoData.ListPackages(groupNames: DemoCatalogue.groups))
        .isEmpty
      {
        try await make(in: telecom)
      }
      var nodes: [DemoNetwork.Node] = []
      for row in try await transaction.process(
        DemoData.ListServers(groupNames: DemoCatalogue.groups)
      ) {
        let text = token(row.id)
        _ = try await transaction.process(
          NodeServer.ReplaceToken(tokenHash: NodeToken(sent: text).hash, id: row.id)
        )
        nodes.append(DemoNetwork.Node(id: row.id, type: row.protocol, token: text))
      }
      let packages = try await transaction.process(
        DemoData.ListPackages(groupNames: DemoCatalogue.groups)
      )
      return DemoNetwork(nodes: nodes, series: packages.map(\.series))
    }
  }

  private func make(in telecom: Telecom) async throws {
    var groups: [String: NodeGroup.ID] = [:]
    for name in DemoCatalogue.groups {
      groups[name] = try await telecom.process(CreateNodeGroup(name: name), as: admin).id
    }
    for (index, node) in DemoCatalogue.nodes.enumerated() {
      let spec = try NodeServer.Spec(
        name: node.name,
        settings: node.settings,
        factorThousandths: node.factorThousandths,
        pushInterval: DemoCatalogue.interval,
        pullInterval: DemoCatalogue.interval
      )
      let server = try await telecom.process(CreateNodeServer(spec: spec), as: admin).server
      let client = try NodeClient.Spec(
        server: server.id,
        name: node.name,
        host: DemoCatalogue.host,
        region: node.region,
        tags: ["demo"],
        sortOrder: Int32(index),
        groups: node.groups.compactMap { groups[$0] }
      )
      _ = try await telecom.process(CreateNodeClient(spec: client), as: admin)
    }
    guard let standard = groups[DemoCatalogue.standard], let premium = groups[DemoCatalogue.premium]
    else { return }
    for spec in try DemoCatalogue.packages(standard: standard, premium: premium) {
      _ = try await telecom.process(CreatePackageSeries(spec: spec), as: admin)
    }
  }
}

/// How the first customer of the demo data reaches its nodes.
package struct DemoSubscription: Hashable, Sendable {
  package let linkToken: LinkToken
  package let nodeUserID: Int32
}

/// Makes an account's first subscription unless it is there, and delivers its order, which a worker
/// may deliver too; it ends up active.
package struct SeedDemoSubscription: Operation {
  let account: Account.ID
  let order: Order.ID?
  let series: PackageSeries.ID
  let admin: Admin

  /// Without an order nothing is delivered yet.
  package init(account: Account.ID, order: Order.ID?, series: PackageSeries.ID, by admin: Admin) {
    self.account = account
    self.order = order
    self.series = series
    self.admin = admin
  }

  package func perform(in telecom: Telecom) async throws -> DemoSubscription {
    try await telecom.process(EnsureSubscription(account: account))
    if let order {
      _ = try await telecom.process(
        QueuePackages(
          account: account,
          subscription: nil,
          packages: [PurchasedPackage(series: series, amount: 1)],
          order: order
        )
      )
      try await telecom.process(AdvanceSubscription(id: try await first(in: telecom).id))
      // What was bought a year ago has ended.
      if try await first(in: telecom).active == nil {
        _ = try await telecom.process(
          GrantPackage(account: account, series: series, reason: "demo data"),
          as: admin
        )
      }
    }
    let subscription = try await first(in: telecom)
    return DemoSubscription(linkToken: subscription.linkToken, nodeUserID: subscription.nodeUserID)
  }

  private func first(in telecom: Telecom) async throws -> SubscriptionSummary {
    let rows = try await telecom.database.process(
      Subscription.ListOfAccount(accountID: account, after: .first, rowLimit: 1)
    )
    guard let row = rows.first else { throw NotFound("subscription") }
    return SubscriptionSummary(row)
  }
}

/// Gives accounts a subscription with an active package each, many at once. Nothing is published.
package struct SeedDemoSubscriptions: Operation {
  let accounts: [Account.ID]
  let createdAt: [Instant]
  let choices: [Int]
  let orders: [Order.ID]

  /// `choices` tells which demo package each account has; the first accounts got it by `orders`,
  /// the others as a gift.
  package init(of accounts: [Account.ID], createdAt: [Instant], choices: [Int], orders: [Order.ID])
  {
    self.accounts = accounts
    self.createdAt = createdAt
    self.choices = choices
    self.orders = orders
  }

  /// Packages began within this many days: those of thirty days last for another ten at least.
  private static let spread = 20

  package func perform(in telecom: Telecom) async throws {
    try await telecom.transaction { telecom, transaction in
      let catalogue = try await transaction.process(
        DemoData.ListPackages(groupNames: DemoCatalogue.groups)
      ).map(\.id)
      let packages = choices.map { catalogue[$0] }
      let subscriptions = accounts.map { _ in telecom.ids.next(Subscription.self) }
      try await transaction.process(
        DemoData.InsertSubscriptions(
          subscriptionIDs: subscriptions,
          accountIDs: accounts,
          created: createdAt
        )
      )
      let now = telecom.clock.now
      let started = accounts.indices.map { _ in
        now - .seconds(Int64.random(in: 0..<Int64(Self.spread) * 86_400))
      }
      let earlier = accounts.indices.filter { $0 % 3 == 0 }
      try await transaction.process(
        DemoData.InsertEndedItems(
          subscriptionIDs: earlier.map { subscriptions[$0] },
          ended: earlier.map { started[$0] },
          packageIDs: earlier.map { packages[$0] }
        )
      )
      try await transaction.process(
        DemoData.InsertActiveItems(
          subscriptionIDs: subscriptions,
          orderIDs: orders,
          started: started,
          now: now,
          timeZone: telecom.settings().timeZone,
          usedPercent: accounts.map { _ in Int32.random(in: 0..<80) },
          packageIDs: packages
        )
      )
      let waiting = accounts.indices.filter { $0 % 5 == 0 }
      try await transaction.process(
        DemoData.InsertWaitingItems(
          subscriptionIDs: waiting.map { subscriptions[$0] },
          packageIDs: waiting.map { packages[$0] },
          now: now
        )
      )
      let groups = try await transaction.process(
        QueueItem.ListGroupsInUse(subscriptionIDs: subscriptions)
      )
      try await transaction.bump(Set(groups))
    }
  }
}
