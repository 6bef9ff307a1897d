package import AgentProtocols
import FieldViolations
package import Platform
import Postgres

/// One inbound of a proxy agent.
package struct NodeServer: Identifiable, Hashable, Sendable {
  /// An integer on the agents' wire, never reused.
  package typealias ID = Int32

  package let id: ID
  package let spec: Spec
  /// Increases with every change that affects the agent.
  package let version: Int64
  /// The factor for traffic that arrives now, in thousandths.
  package let currentFactor: Int32
  /// Since when documents leave its clients out; nil: they don't.
  package let maintenanceSince: Instant?
  package let createdAt: Instant
  package let lastPulledAt: Instant?
  package let lastPushedAt: Instant?

  /// What an operator decides about a server.
  package struct Spec: Hashable, Sendable {
    package let name: String
    /// Empty keys keep the stored value, or are generated.
    package let settings: NodeServerSettings
    /// Rules for some of the traffic.
    package let routes: [NodeRoute]
    /// The billing factor, in thousandths.
    package let factorThousandths: Int32
    /// Other factors for some hours of the day; nil: none.
    package let factorSchedule: FactorSchedule?
    /// Seconds.
    package let pushInterval: Int32
    package let pullInterval: Int32
    package let enabled: Bool

    /// A factor above 1000 is a mistake.
    static let factors: ClosedRange<Int32> = 0...1_000_000
    /// Longer lists are hard to keep track of, and agents try every rule on every connection.
    static let maxRoutes = 100

    /// Throws all fields that are wrong.
    package init(
      name: String,
      settings: NodeServerSettings,
      routes: [NodeRoute] = [],
      factorThousandths: Int32 = 1_000,
      factorSchedule: FactorSchedule? = nil,
      pushInterval: Int32,
      pullInterval: Int32,
      enabled: Bool = true
    ) throws(InvalidInput) {
      var violations: [FieldViolation] = []
      violations.check(line: name, of: TextLengths.name, "name")
      violations.check(
        Self.factors.contains(factorThousandths),
        "factor_thousandths",
        "must be 0 to \(Self.factors.upperBound)"
      )
      violations.check(
        TelecomSettings.intervals.contains(Int(pushInterval)),
        "push_interval_seconds",
        "must be 5 to 3600"
      )
      violations.check(
        TelecomSettings.intervals.contains(Int(pullInterval)),
        "pull_interval_seconds",
        "must be 5 to 3600"
      )
      do {
        // Keys that are left empty will be generated, so only the rest is checked.
        try settings.completed(from: nil, using: IdentifierSource(clock: .system)).validate()
      } catch {
        violations += error.violations.map {
          .init("settings.\(settings.requestPath(of: $0.field))", $0.description)
        }
      }
      violations.check(
        routes.count <= Self.maxRoutes,
        "routes",
        "must have at most \(Self.maxRoutes) entries"
      )
      violations.check(
        Set(routes.map(\.id)).count == routes.count,
        "routes",
        "must have unique ids"
      )
      for (index, route) in routes.enumerated() {
        violations += route.violations.inside("routes[\(index)]")
      }
      try violations.throwIfAny()
      self.init(
        trusted: name,
        settings: settings,
        routes: routes,
        factorThousandths: factorThousandths,
        factorSchedule: factorSchedule,
        pushInterval: pushInterval,
        pullInterval: pullInterval,
        enabled: enabled
      )
    }

    fileprivate init(
      trusted name: String,
      settings: NodeServerSettings,
      routes: [NodeRoute],
      factorThousandths: Int32,
      factorSchedule: FactorSchedule?,
      pushInterval: Int32,
      pullInterval: Int32,
      enabled: Bool
    ) {
      self.name = name
      self.settings = settings
      self.routes = routes
      self.factorThousandths = factorThousandths
      self.factorSchedule = factorSchedule
      self.pushInterval = pushInterval
      self.pullInterval = pullInterval
      self.enabled = enabled
    }

    /// The same with other settings.
    func with(_ settings: NodeServerSettings) -> Spec {
      Spec(
        trusted: name,
        settings: settings,
        routes: routes,
        factorThousandths: factorThousandths,
        factorSchedule: factorSchedule,
        pushInterval: pushInterval,
        pullInterval: pullInterval,
        enabled: enabled
      )
    }

    /// What an operator left out, so that the module's settings decide it.
    package struct Omissions: OptionSet, Sendable {
      package let rawValue: Int

      package init(rawValue: Int) {
        self.rawValue = rawValue
      }

      static let pushInterval = Omissions(rawValue: 1)
      static let pullInterval = Omissions(rawValue: 2)
      static let factorTimeZone = Omissions(rawValue: 4)
    }

    /// The same with what was left out as the settings have it.
    func filled(_ omissions: Omissions, from settings: TelecomSettings) -> Spec {
      Spec(
        trusted: name,
        settings: self.settings,
        routes: routes,
        factorThousandths: factorThousandths,
        factorSchedule: omissions.contains(.factorTimeZone)
          ? factorSchedule?.with(timeZone: settings.timeZone) : factorSchedule,
        pushInterval: omissions.contains(.pushInterval)
          ? Int32(clamping: settings.pushIntervalSeconds) : pushInterval,
        pullInterval: omissions.contains(.pullInterval)
          ? Int32(clamping: settings.pullIntervalSeconds) : pullInterval,
        enabled: enabled
      )
    }
  }
}

extension NodeServer.Spec {
  /// Whether the change from `other` affects the agent.
  func isToldApart(from other: NodeServer.Spec) -> Bool {
    settings != other.settings || routes != other.routes || pushInterval != other.pushInterval
      || pullInterval != other.pullInterval
  }

  /// Whether the change from `other` affects customers' documents.
  func isSeenApart(from other: NodeServer.Spec) -> Bool {
    settings != other.settings || enabled != other.enabled
  }
}

extension NodeServer {
  init(_ row: NodeServer.Row) {
    let factor = CurrentFactor(
      usual: row.factorThousandths,
      schedule: row.factorSchedule,
      minute: row.localMinute
    )
    id = row.id
    spec = Spec(
      trusted: row.name,
      settings: row.settings,
      routes: row.routes,
      factorThousandths: row.factorThousandths,
      factorSchedule: factor.schedule,
      pushInterval: row.pushInterval,
      pullInterval: row.pullInterval,
      enabled: row.enabled
    )
    version = row.version
    currentFactor = factor.thousandths
    maintenanceSince = row.maintenanceSince
    createdAt = row.createdAt
    lastPulledAt = row.lastPulledAt
    lastPushedAt = row.lastPushedAt
  }
}

extension NodeServer {
  /// Why a server can't be deleted.
  package enum DeletionError: DomainError, Equatable {
    /// Customers would still be led to it: the first of its clients by name.
    case serverHasClients([String])

    package var kind: FailureKind { .failedPrecondition }
    package var reason: String { "SERVER_HAS_CLIENTS" }
    package var message: String {
      switch self {
      case .serverHasClients(let names):
        "these node clients lead to it: \(names.joined(separator: ", "))"
      }
    }
  }
}
