import Contracts
import Platform
import Postgres
import SubscriptionFormats

/// What the owner of a link gets: always a valid profile, also when there is nothing to connect to. Nil: there is no such link.
struct FetchSubscription: Operation {
  let token: LinkToken
  let format: SubscriptionFormat
  let known: String?
  let cache: DocumentCache

  struct Answer: Sendable {
    let subscription: Subscription.ID
    let info: SubscriptionInfo
    let profile: TaggedAnswer
  }

  func perform(in telecom: Telecom) async throws -> Answer? {
    guard var row = try await telecom.database.process(FindSubscriptionByToken(linkToken: token.bytes)) else { return nil }
    if row.isOver(at: telecom.clock.now) {
      try await telecom.process(AdvanceSubscription(id: row.id))
      guard let advanced = try await telecom.database.process(FindSubscriptionByToken(linkToken: token.bytes)) else { return nil }
      row = advanced
    }
    let settings = telecom.settings()
    let last = row.itemId == nil && row.hadPackages ? try await telecom.database.process(SelectLastEndedItem(subscriptionId: row.id)) : nil
    let source = Self.source(row, last: last)
    let key = DocumentCache.Key(source: source, format: format, options: DocumentOptions(directDomains: settings.directDomains))
    let document = try await cache.document(key) { try await prepare(key, in: telecom) }
    return Answer(
      subscription: row.id, info: SubscriptionInfo(row, last: last, settings: settings),
      profile: document.answer(for: Credential(uuid: row.credential), known: known))
  }

  private static func source(_ row: FindSubscriptionByToken.Row, last: SelectLastEndedItem.Row?) -> DocumentCache.Key.Source {
    if row.suspended { return .notice(.banned) }
    if row.exhaustedAt != nil { return .notice(.exhausted) }
    if let group = row.groupId, let version = row.groupVersion { return .group(group, version: version) }
    return switch last?.endReason {
    case .expired: .notice(.expired)
    case .exhausted: .notice(.exhausted)
    case .cancelled, nil: .notice(.noPlan)
    }
  }

  private func prepare(_ key: DocumentCache.Key, in telecom: Telecom) async throws -> PreparedDocument {
    switch key.source {
    case .notice(let notice):
      return PreparedDocument(notice: notice, format: key.format, options: key.options)
    case .group(let group, _):
      let nodes = try await telecom.database.process(NodeClientsOfGroup(groupId: group)).map(ProxyNode.init)
      return PreparedDocument(nodes: nodes, format: key.format, options: key.options)
    }
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

extension FindSubscriptionByToken.Row {
  /// Whether the package in use has run out of time or traffic, or starts its traffic anew, and isn't marked so yet.
  fileprivate func isOver(at now: Instant) -> Bool {
    guard let expiresAt, let upload, let download, let quotaBytes, let adjustQuota else { return false }
    if expiresAt <= now || resetsAt.map({ $0 <= now }) ?? false { return true }
    return exhaustedAt == nil && upload + download >= max(0, quotaBytes + adjustQuota)
  }
}

extension SubscriptionInfo {
  /// What the package in use has left, or what the last one came to.
  fileprivate init(_ row: FindSubscriptionByToken.Row, last: SelectLastEndedItem.Row?, settings: TelecomSettings) {
    let quota = row.quotaBytes.map { $0 + (row.adjustQuota ?? 0) } ?? last.map { $0.quotaBytes + $0.adjustQuota }
    self.init(
      upload: row.upload ?? last?.upload ?? 0, download: row.download ?? last?.download ?? 0, total: quota.map { max(0, $0) },
      expires: (row.expiresAt ?? last?.expiresAt)?.seconds, title: settings.profileTitle,
      updateIntervalHours: settings.updateIntervalHours, webPageURL: settings.webPageURL, supportURL: settings.supportURL)
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
