import Contracts
import Platform
import Postgres
import SubscriptionFormats

/// What the owner of a link gets: always a valid profile, also when there is nothing to connect to. Nil: there is no such link.
struct FetchSubscription: Operation {
  let token: LinkToken
  let client: SubscriptionClient
  /// The host that was asked, with its port, where it is known: documents then name the same one.
  let host: String?
  /// Whether the link itself names the format.
  let namesFormat: Bool
  let known: String?
  let cache: DocumentCache

  struct Answer: Sendable {
    let subscription: LinkedSubscription
    let settings: TelecomSettings
    let profile: TaggedAnswer
  }

  func perform(in telecom: Telecom) async throws -> Answer? {
    guard let subscription = try await telecom.subscription(linkedBy: token) else { return nil }
    let settings = telecom.settings()
    let options = DocumentOptions(directDomains: settings.directDomains, template: settings.templates[client.format])
    let key = DocumentCache.Key(source: subscription.source, client: client, options: options)
    let document = try await cache.document(key) { try await prepare(key, in: telecom) }
    let profile = document.answer(for: subscription.credential, known: known) {
      settings.link(for: token, host: host, format: namesFormat ? client.format.name : nil)
    }
    return Answer(subscription: subscription, settings: settings, profile: profile)
  }

  private func prepare(_ key: DocumentCache.Key, in telecom: Telecom) async throws -> PreparedDocument {
    switch key.source {
    case .notice(let notice):
      return PreparedDocument(notice: notice, format: key.client.format, options: key.options)
    case .group(let group, _):
      let nodes = try await telecom.database.process(NodeClientsOfGroup(groupId: group)).map(ProxyNode.init)
      return PreparedDocument(nodes: nodes, client: key.client, options: key.options)
    }
  }
}

/// What a browser shows of a link. Nil: there is no such link.
struct ViewSubscription: Operation {
  let token: LinkToken
  let host: String?

  func perform(in telecom: Telecom) async throws -> SubscriptionPage? {
    guard let subscription = try await telecom.subscription(linkedBy: token) else { return nil }
    let settings = telecom.settings()
    return SubscriptionPage(subscription: subscription, link: settings.link(for: token, host: host), settings: settings)
  }
}

/// Brings one subscription's queue up to date, when somebody notices that it is not.
struct AdvanceSubscription: Operation {
  let id: Subscription.ID

  func perform(in telecom: Telecom) async throws {
    try await telecom.transaction { telecom, transaction in
      guard let row = try await transaction.process(LockSubscription(id: id)) else { return }
      let groups = try await transaction.process(
        AdvanceQueues(subscriptions: [HeldSubscription(row)], now: telecom.clock.now, timeZone: telecom.settings().timeZone))
      try await transaction.bump(groups)
    }
  }
}

extension Telecom {
  /// The subscription of a link, its queue up to date; nil: there is none.
  fileprivate func subscription(linkedBy token: LinkToken) async throws -> LinkedSubscription? {
    guard var row = try await database.process(FindSubscriptionByToken(linkToken: token.bytes)) else { return nil }
    if row.isOver(at: clock.now) {
      try await process(AdvanceSubscription(id: row.id))
      guard let advanced = try await database.process(FindSubscriptionByToken(linkToken: token.bytes)) else { return nil }
      row = advanced
    }
    let last = row.itemId == nil && row.hadPackages ? try await database.process(SelectLastEndedItem(subscriptionId: row.id)) : nil
    return LinkedSubscription(row, last: last)
  }
}

extension FindSubscriptionByToken.Row {
  /// Whether the package in use has run out of time or traffic, or starts its traffic anew, and isn't marked so yet.
  fileprivate func isOver(at now: Instant) -> Bool {
    guard let expiresAt, let upload, let download, let quotaBytes, let adjustQuota else { return false }
    if expiresAt <= now || resetsAt.map({ $0 <= now }) ?? false { return true }
    return exhaustedAt == nil && upload + download >= max(0, quotaBytes + adjustQuota)
  }
}

extension ProxyNode {
  /// Throws `CorruptRow` when the stored settings can't be read.
  fileprivate init(_ row: NodeClientsOfGroup.Row) throws {
    do {
      self = try NodeServerSettings(json: row.settings.bytes).proxyNode(name: row.name, host: row.host, port: UInt16(clamping: row.port))
    } catch {
      throw CorruptRow(statement: "NodeClientsOfGroup", cause: "settings of server \(row.serverId): \(error)")
    }
  }
}
