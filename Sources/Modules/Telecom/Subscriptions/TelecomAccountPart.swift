import AgentProtocols
import Contracts
import Manifest
import Platform

/// What Telecom keeps of an account: its subscriptions, with their packages, their devices, the log
/// of who fetched their links, and the hits of nodes' rules. Billed traffic counts in the packages.
struct TelecomAccountPart: AccountPart {
  let telecom: Telecom

  /// Rows that are read at once.
  private static let chunk: Int32 = 500

  func facts(of account: Account.ID, in database: DatabaseProcessor) async throws -> [AccountFact] {
    let subscriptions = try await subscriptions(of: account, in: database)
    var facts = [AccountFact("telecom.subscriptions", "\(subscriptions.count)")]
    for subscription in subscriptions {
      let name = "telecom.subscription.\(subscription.id)"
      if subscription.suspended { facts.append(AccountFact("\(name).suspended", "yes")) }
      guard let active = subscription.active else {
        facts.append(AccountFact("\(name).package", "none"))
        continue
      }
      let used = active.upload + active.download
      facts.append(AccountFact("\(name).package", active.name))
      facts.append(AccountFact("\(name).traffic", "\(used) of \(active.quota) bytes used"))
      facts.append(AccountFact("\(name).expires", active.expiresAt.iso8601))
    }
    return facts
  }

  func export(_ account: Account.ID, in database: DatabaseProcessor) async throws -> [UInt8] {
    var exported: [SubscriptionExport] = []
    for subscription in try await subscriptions(of: account, in: database) {
      exported.append(
        SubscriptionExport(
          subscription,
          packages: try await packages(of: subscription.id, in: database),
          devices: try await devices(of: subscription.id, in: database),
          fetches: try await fetches(of: subscription.id, in: database),
          fetchDays: try await fetchDays(of: subscription.id, in: database),
          ruleHits: try await ruleHits(of: subscription.id, in: database)
        )
      )
    }
    return try AccountDocument.encode(["subscriptions": exported])
  }

  /// Old links are dead afterwards, and nodes refuse the old credentials from their next poll.
  func erase(_ account: Account.ID, in transaction: Transaction) async throws {
    try await telecom.in(transaction).process(EraseSubscriptions(account: account))
  }

  private func subscriptions(
    of account: Account.ID,
    in database: DatabaseProcessor
  ) async throws -> [SubscriptionSummary] {
    try await all { last in
      try await database.process(
        Subscription.ListOfAccount(
          accountID: account,
          after: last?.id ?? .first,
          rowLimit: Self.chunk
        )
      )
    }.map(telecom.summary)
  }

  private func packages(
    of subscription: Subscription.ID,
    in database: DatabaseProcessor
  ) async throws -> [QueueItem.List.Row] {
    try await all { last in
      try await database.process(
        QueueItem.List(
          subscriptionID: subscription,
          afterPosition: last?.position ?? 0,
          withEnded: true,
          rowLimit: Self.chunk
        )
      )
    }
  }

  private func devices(
    of subscription: Subscription.ID,
    in database: DatabaseProcessor
  ) async throws -> [SubscriptionDevice.List.Row] {
    try await all { last in
      try await database.process(
        SubscriptionDevice.List(
          subscriptionID: subscription,
          seenSince: Instant(microseconds: 0),
          after: last?.hwid ?? "",
          rowLimit: Self.chunk
        )
      )
    }
  }

  private func fetches(
    of subscription: Subscription.ID,
    in database: DatabaseProcessor
  ) async throws -> [SubscriptionFetch.List.Row] {
    try await all { last in
      try await database.process(
        SubscriptionFetch.List(
          subscriptionID: subscription,
          before: last?.id ?? .max,
          rowLimit: Self.chunk
        )
      )
    }
  }

  private func fetchDays(
    of subscription: Subscription.ID,
    in database: DatabaseProcessor
  ) async throws -> [SubscriptionFetch.ListDays.Row] {
    try await all { last in
      try await database.process(
        SubscriptionFetch.ListDays(
          subscriptionID: subscription,
          beforeNumber: last?.number ?? .max,
          rowLimit: Self.chunk
        )
      )
    }
  }

  private func ruleHits(
    of subscription: Subscription.ID,
    in database: DatabaseProcessor
  ) async throws -> [RuleHits.List.Row] {
    try await all { last in
      try await database.process(
        RuleHits.List(
          before: last?.id ?? .max,
          nodeID: nil,
          subscriptionID: subscription,
          rowLimit: Self.chunk
        )
      )
    }
  }

  /// The rows of a list that is read in chunks, each after the last row of the one before.
  private func all<Row>(_ read: (_ last: Row?) async throws -> [Row]) async throws -> [Row] {
    var rows = try await read(nil)
    var count = rows.count
    while count == Int(Self.chunk) {
      let more = try await read(rows.last)
      count = more.count
      rows += more
    }
    return rows
  }
}
