import AgentProtocols
import Contracts
import Platform
import Postgres
import SubscriptionFormats

/// Returns what the owner of a link gets: always a valid profile, even if there is nothing to
/// connect to. Nil: there is no such link.
struct FetchSubscription: PublicOperation {
  let token: LinkToken
  let client: SubscriptionClient
  /// The host and port of the request, if known. Documents then contain links to the same host.
  let host: String?
  /// Whether the link itself names the format.
  let namesFormat: Bool
  let known: String?
  /// Nil: the client doesn't say what it is.
  let device: SubscriptionDevice?
  let links: LinkReads
  let cache: DocumentCache

  struct Answer: Sendable {
    let subscription: LinkedSubscription
    let settings: TelecomSettings
    let profile: TaggedAnswer
    let admission: DeviceAdmission
  }

  func perform(in telecom: Telecom) async throws -> Answer? {
    guard let subscription = try await telecom.subscription(linkedBy: token, links) else {
      return nil
    }
    let settings = telecom.settings()
    let options = DocumentOptions(
      directDomains: settings.directDomains,
      template: settings.templates[client.format]
    )
    let admission = try await admit(subscription, settings, in: telecom)
    let source = admission.notice.map(DocumentCache.Key.Source.notice) ?? subscription.source
    let key = DocumentCache.Key(source: source, client: client, options: options)
    let document = try await cache.document(key) { try await prepare(key, in: telecom) }
    let profile = document.answer(for: subscription.credential, known: known) {
      settings.link(for: token, host: host, format: namesFormat ? client.format.name : nil)
    }
    return Answer(
      subscription: subscription,
      settings: settings,
      profile: profile,
      admission: admission
    )
  }

  /// A subscription without nodes doesn't use up a device's place.
  private func admit(
    _ subscription: LinkedSubscription,
    _ settings: TelecomSettings,
    in telecom: Telecom
  ) async throws -> DeviceAdmission {
    guard subscription.notice == nil,
      let limit = SubscriptionDevice.limit(own: subscription.hwidLimit, settings: settings)
    else {
      return .unlimited
    }
    return try await telecom.process(
      AdmitDevice(subscription: subscription.id, limit: limit, device: device)
    )
  }

  private func prepare(_ key: DocumentCache.Key, in telecom: Telecom) async throws
    -> PreparedDocument
  {
    switch key.source {
    case .notice(let notice):
      return PreparedDocument(notice: notice, format: key.client.format, options: key.options)
    case .group(let group, _):
      let nodes = try await telecom.process(NodeClient.ListOfGroup(groupID: group)).map(
        ProxyNode.init
      )
      return PreparedDocument(nodes: nodes, client: key.client, options: key.options)
    }
  }
}

/// Finds the subscriptions of links, for all fetches of a worker: those that come at once share a
/// statement.
typealias LinkReads = SharedReads<LinkToken, Subscription.FindLinked.Row>

extension Telecom {
  var linkReads: LinkReads {
    LinkReads { [database] tokens in
      let rows = try await database.process(
        Subscription.FindLinked(linkTokens: tokens.flatMap(\.bytes))
      )
      return Dictionary(rows.map { (LinkToken(stored: $0.linkToken), $0) }) { first, _ in first }
    }
  }

  /// The subscription of a link, its queue up to date; nil: there is none.
  func subscription(linkedBy token: LinkToken, _ links: LinkReads) async throws
    -> LinkedSubscription?
  {
    guard var row = try await links(token) else { return nil }
    if row.isOver(at: clock.now) {
      try await process(AdvanceSubscription(id: row.id))
      guard let advanced = try await links(token) else { return nil }
      row = advanced
    }
    let last =
      row.itemID == nil && row.hadPackages
      ? try await process(QueueItem.FindLastEnded(subscriptionID: row.id)) : nil
    return LinkedSubscription(row, last: last)
  }
}

extension Subscription.FindLinked.Row {
  /// Whether the package in use has run out of time or traffic, or resets its traffic, and isn't
  /// marked so yet.
  fileprivate func isOver(at now: Instant) -> Bool {
    guard let expiresAt, let upload, let download, let quotaBytes, let adjustQuota else {
      return false
    }
    let bytes = Quota(bought: quotaBytes, adjustment: adjustQuota, used: upload + download)
    return ActiveQuota(
      bytes: bytes,
      expiresAt: expiresAt,
      resetsAt: resetsAt,
      exhaustedAt: exhaustedAt
    ).isDue(at: now)
  }
}

extension ProxyNode {
  fileprivate init(_ row: NodeClient.ListOfGroup.Row) {
    let node = row.settings.proxyNode(
      name: row.name,
      host: row.host,
      port: UInt16(clamping: row.port),
      behindRelay: row.relay
    )
    self = row.front?.applied(to: node) ?? node
  }
}
