package import AgentProtocols
package import Platform
import Postgres

/// One inbound of a proxy agent.
package struct NodeServer: Identifiable, Hashable, Sendable {
  /// An integer on the agents' wire, never reused.
  package typealias ID = Int32

  package let id: ID
  package let spec: Spec
  /// Rises with every change of what the agent is told.
  package let version: Int64
  /// What traffic that arrives now is billed at, in thousandths.
  package let currentFactor: Int32
  /// Since when documents leave its clients out; nil: they don't.
  package let maintenanceSince: Instant?
  package let createdAt: Instant
  package let lastPulledAt: Instant?
  package let lastPushedAt: Instant?

  /// What an operator decides about a server.
  package struct Spec: Hashable, Sendable, Encodable {
    package let name: String
    /// Keys may be empty where the server's are to stay or to be made.
    package let settings: NodeServerSettings
    /// What its agent does with some of the traffic.
    package let routes: [NodeRoute]
    /// What its traffic is billed at, in thousandths.
    package let factorThousandths: Int32
    /// What it is billed at in some hours of the day; nil: always the same.
    package let factorSchedule: FactorSchedule?
    /// Seconds.
    package let pushInterval: Int32
    package let pullInterval: Int32
    package let enabled: Bool

    /// Beyond a thousandfold a price is a mistake.
    static let factors: ClosedRange<Int32> = 0...1_000_000
    /// The longest list that somebody still oversees; agents try each on every connection.
    static let mostRoutes = 100

    /// Throws every field that is wrong.
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
      var violations: [Platform.FieldViolation] = []
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
        // Keys that are left empty will be made: the rest must be right with any.
        try settings.completed(from: nil, using: IdentifierSource(clock: .system)).validate()
      } catch {
        violations += error.violations.map {
          .init(field: "settings.\(settings.requestPath(of: $0.field))", description: $0.reason)
        }
      }
      violations.check(
        routes.count <= Self.mostRoutes,
        "routes",
        "must have at most \(Self.mostRoutes) entries"
      )
      violations.check(
        Set(routes.map(\.id)).count == routes.count,
        "routes",
        "must have an id of its own each"
      )
      for (index, route) in routes.enumerated() {
        violations += route.violations.map {
          .init(field: "routes[\(index)].\($0.field)", description: $0.reason)
        }
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
  }
}

extension NodeServer.Spec {
  /// Whether an agent of `other` would have to be told.
  func isToldApart(from other: NodeServer.Spec) -> Bool {
    settings != other.settings || routes != other.routes || pushInterval != other.pushInterval
      || pullInterval != other.pullInterval
  }

  /// Whether customers of `other` would have to be told.
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
  /// Why a server can't be given up.
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
