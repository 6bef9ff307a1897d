package import FieldViolations
package import Platform

/// What an operator may change of Telecom at run time.
package struct TelecomSettings: ModuleSettings {
  package static let module = "telecom"

  /// Where customers' links point, one per domain.
  package var links = [
    LinkTemplate(
      name: "default",
      url: "http://127.0.0.1:8080/subscribe/\(LinkTemplate.placeholder)"
    )
  ]
  /// How many subscriptions an account may have.
  package var subscriptionsPerAccount = 1
  /// The name under which clients list a subscription.
  package var profileTitle = "Helium"
  /// How often clients are asked to fetch their profile again, in hours.
  package var updateIntervalHours = 12
  /// Where customers manage their account and find help; nil: clients show no link.
  package var webPageURL: String?
  package var supportURL: String?
  /// What clients and the page of a link tell every customer; nil: nothing.
  package var announcement: String?
  /// The operator's own profiles by the name of their format, for example `mihomo` or
  /// `sing-box-1.12`.
  package var templates = ProfileTemplates()
  /// Host names that clients reach without a proxy, with all below them.
  package var directDomains: [String] = []
  /// Where node agents reach the node API, for the configuration that operators get for them; nil:
  /// they fill it in.
  package var nodeAPIURL: String?
  /// How often agents of new node servers report traffic and ask for users, in seconds.
  package var pushIntervalSeconds = 60
  package var pullIntervalSeconds = 60
  /// The time zone of monthly resets and of days in lists: a name from the IANA time zone database.
  package var timeZone = "UTC"
  /// How long usage by the hour is kept, in days. It is dropped by whole months.
  package var usageKeptDays = 400
  /// How many devices may fetch a link, by the ids that clients send, where neither the
  /// subscription nor its package has a number of its own; nil: any number. Where there is a limit,
  /// a client that sends no id gets no nodes.
  var hwidLimit: Int32?
  /// How long a device that no longer fetches keeps its place, in days. It must be longer than the
  /// time between a client's fetches.
  var hwidKeptDays = 30
  /// How long daily counts and addresses of fetches are kept, in days.
  var fetchDaysKept = 31
  /// A token that opens every node, besides each node's own token, as with older panels; empty:
  /// none. Anyone who has it can read the credentials of all customers and report traffic for every
  /// node.
  var globalNodeToken = ""
  /// How long after a subscription leaves a node its traffic there still counts, in seconds: agents
  /// notice a change at their next poll.
  package var eligibilityGraceSeconds = 600

  package init() {}

  /// The max number of subscriptions that an operator may allow per account.
  private static let maxSubscriptions = 100
  /// Limits for the intervals of node servers, in seconds. Faster is useless load; slower leaves
  /// users waiting.
  static let intervals = 5...3_600
  /// A week: clients do not ask less often.
  private static let updateIntervals = 1...168
  /// A day: older traffic belongs to nobody.
  private static let graces = 0...86_400
  /// A device may be off for at least a night.
  private static let deviceRetentions = 1...366
  /// Each day of a link is a row.
  private static let fetchRetentions = 1...366
  /// Shorter ones can be guessed; Xboard has this limit too. Longer ones don't fit a form.
  private static let tokenLengths = 16...200
  /// A month is billed before it is dropped; ten years are enough for any authority.
  private static let retentions = 31...3_660
  /// What one link list or domain list may hold, so that answers stay small.
  private static let maxEntries = 50
  private static let longestText = 200

  package func violations() -> [FieldViolation] {
    var violations = links.enumerated().flatMap { index, link in
      link.violations.inside("links[\(index)]")
    }
    violations.check(
      (1...Self.maxEntries).contains(links.count),
      "links",
      "must have 1 to \(Self.maxEntries) entries"
    )
    violations.check(
      Set(links.map(\.name)).count == links.count,
      "links",
      "must have unique names"
    )
    violations.check(
      (1...Self.maxSubscriptions).contains(subscriptionsPerAccount),
      "subscriptions_per_account",
      "must be 1 to \(Self.maxSubscriptions)"
    )
    violations.check(
      (1...Self.longestText).contains(profileTitle.utf8.count),
      "profile_title",
      "must have 1 to \(Self.longestText) bytes"
    )
    violations.check(
      Self.updateIntervals.contains(updateIntervalHours),
      "update_interval_hours",
      "must be 1 to 168"
    )
    violations.check(
      webPageURL.map(LinkTemplate.isWebURL) ?? true,
      "web_page_url",
      "must begin with http:// or https://"
    )
    violations.check(
      supportURL.map(LinkTemplate.isWebURL) ?? true,
      "support_url",
      "must begin with http:// or https://"
    )
    if let announcement {
      violations.check(line: announcement, of: 1...Self.longestText, "announcement")
    }
    violations += templates.violations.inside("templates")
    violations.check(
      nodeAPIURL.map(LinkTemplate.isWebURL) ?? true,
      "node_api_url",
      "must begin with http:// or https://"
    )
    violations.check(
      directDomains.count <= Self.maxEntries,
      "direct_domains",
      "must have at most \(Self.maxEntries) entries"
    )
    violations.check(
      Self.intervals.contains(pushIntervalSeconds),
      "push_interval_seconds",
      "must be 5 to 3600"
    )
    violations.check(
      Self.intervals.contains(pullIntervalSeconds),
      "pull_interval_seconds",
      "must be 5 to 3600"
    )
    violations.check(
      TimeZoneName.isKnown(timeZone),
      "time_zone",
      "must be a name from the IANA time zone database, e.g. Asia/Shanghai"
    )
    violations.check(
      Self.retentions.contains(usageKeptDays),
      "usage_kept_days",
      "must be 31 to 3660"
    )
    violations.check(
      (1...SubscriptionDevice.largestLimit).contains(hwidLimit ?? 1),
      "hwid_limit",
      "must be 1 to \(SubscriptionDevice.largestLimit), or left out"
    )
    violations.check(
      Self.deviceRetentions.contains(hwidKeptDays),
      "hwid_kept_days",
      "must be 1 to 366"
    )
    violations.check(
      !Self.deviceRetentions.contains(hwidKeptDays) || hwidKeptDays * 24 > updateIntervalHours,
      "hwid_kept_days",
      "must be longer than update_interval_hours"
    )
    violations.check(
      Self.fetchRetentions.contains(fetchDaysKept),
      "fetch_days_kept",
      "must be 1 to 366"
    )
    violations.check(
      globalNodeToken.isEmpty
        || Self.tokenLengths.contains(globalNodeToken.utf8.count)
          && globalNodeToken.utf8.allSatisfy { (0x21...0x7E).contains($0) },
      "global_node_token",
      "must have 16 to 200 printable ASCII characters without spaces, or be empty"
    )
    violations.check(
      Self.graces.contains(eligibilityGraceSeconds),
      "eligibility_grace_seconds",
      "must be 0 to 86400"
    )
    return violations
  }

  package func violations(in transaction: Transaction) async throws -> [FieldViolation] {
    var violations: [FieldViolation] = []
    violations.check(
      try await transaction.process(TimeZoneName.IsInDatabase(name: timeZone)),
      "time_zone",
      "is unknown to this PostgreSQL, whose time zone data is older"
    )
    return violations
  }

  package var warnings: [String] {
    guard !globalNodeToken.isEmpty else { return [] }
    return [
      "global_node_token is set: one token opens every node, so anyone who reads it on one node can act as all of them; "
        + "give each agent the token of its own node, and clear this setting"
    ]
  }

  package static let secrets = [
    SettingsSecret<TelecomSettings>("global_node_token", \.globalNodeToken)
  ]
}

extension TelecomSettings {
  private enum CodingKeys: String, CodingKey {
    case links
    case subscriptionsPerAccount = "subscriptions_per_account"
    case profileTitle = "profile_title"
    case updateIntervalHours = "update_interval_hours"
    case webPageURL = "web_page_url"
    case supportURL = "support_url"
    case announcement, templates
    case directDomains = "direct_domains"
    case nodeAPIURL = "node_api_url"
    case pushIntervalSeconds = "push_interval_seconds"
    case pullIntervalSeconds = "pull_interval_seconds"
    case timeZone = "time_zone"
    case usageKeptDays = "usage_kept_days"
    case hwidLimit = "hwid_limit"
    case hwidKeptDays = "hwid_kept_days"
    case fetchDaysKept = "fetch_days_kept"
    case globalNodeToken = "global_node_token"
    case eligibilityGraceSeconds = "eligibility_grace_seconds"
  }

  package init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func read<Value: Decodable>(_ key: CodingKeys, _ value: inout Value) throws {
      if let stored = try container.decodeIfPresent(Value.self, forKey: key) { value = stored }
    }
    try read(.links, &links)
    try read(.subscriptionsPerAccount, &subscriptionsPerAccount)
    try read(.profileTitle, &profileTitle)
    try read(.updateIntervalHours, &updateIntervalHours)
    webPageURL = try container.decodeIfPresent(String.self, forKey: .webPageURL)
    supportURL = try container.decodeIfPresent(String.self, forKey: .supportURL)
    announcement = try container.decodeIfPresent(String.self, forKey: .announcement)
    try read(.templates, &templates)
    try read(.directDomains, &directDomains)
    nodeAPIURL = try container.decodeIfPresent(String.self, forKey: .nodeAPIURL)
    try read(.pushIntervalSeconds, &pushIntervalSeconds)
    try read(.pullIntervalSeconds, &pullIntervalSeconds)
    try read(.timeZone, &timeZone)
    try read(.usageKeptDays, &usageKeptDays)
    hwidLimit = try container.decodeIfPresent(Int32.self, forKey: .hwidLimit)
    try read(.hwidKeptDays, &hwidKeptDays)
    try read(.fetchDaysKept, &fetchDaysKept)
    try read(.globalNodeToken, &globalNodeToken)
    try read(.eligibilityGraceSeconds, &eligibilityGraceSeconds)
  }
}
