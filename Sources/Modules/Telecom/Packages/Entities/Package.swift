package import Contracts
import FieldViolations
package import Platform

/// What is delivered: traffic and time on the nodes of a group. A package is one version of a
/// series and never changes.
package struct Package: Identifiable, Hashable, Sendable {
  package typealias ID = Identifier<Package>

  package let id: ID
  package let series: PackageSeries.ID
  package let version: Int32
  /// Whether it is what the series delivers now.
  package let isMaster: Bool
  package let spec: Spec
  package let createdAt: Instant

  /// What an operator decides about a package.
  package struct Spec: Hashable, Sendable {
    package let name: String
    package let quotaBytes: Int64
    package let durationSeconds: Int64
    package let resetRule: ResetRule
    /// How many IP addresses at once; nil: any number.
    package let deviceLimit: Int32?
    /// How many devices may fetch the link, by the ids that their clients send; 0: any number; nil:
    /// as the settings say.
    package let hwidLimit: Int32?
    /// Mbit/s; nil: unlimited.
    package let speedLimit: Int32?
    package let group: NodeGroup.ID

    /// An exbibyte: sums of quotas and adjustments stay far from overflowing.
    static let largestQuota: Int64 = 1 << 60
    /// A century of seconds, so that PostgreSQL and clients can represent all ends.
    static let longestDuration: Int64 = 100 * 366 * 86_400
    private static let largestLimit: Int32 = 1_000_000

    /// Throws all fields that are wrong.
    package init(
      name: String,
      quotaBytes: Int64,
      durationSeconds: Int64,
      resetRule: ResetRule = .none,
      deviceLimit: Int32? = nil,
      hwidLimit: Int32? = nil,
      speedLimit: Int32? = nil,
      group: NodeGroup.ID
    ) throws(InvalidInput) {
      var violations: [FieldViolation] = []
      violations.check(line: name, of: TextLengths.name, "name")
      violations.check(
        (1...Self.largestQuota).contains(quotaBytes),
        "quota_bytes",
        "must be 1 to \(Self.largestQuota)"
      )
      violations.check(
        (1...Self.longestDuration).contains(durationSeconds),
        "duration_seconds",
        "must be 1 to \(Self.longestDuration)"
      )
      violations.check(
        (1...Self.largestLimit).contains(deviceLimit ?? 1),
        "device_limit",
        "must be 1 to \(Self.largestLimit), or left out"
      )
      violations.check(
        (0...SubscriptionDevice.largestLimit).contains(hwidLimit ?? 0),
        "hwid_limit",
        "must be 0 to \(SubscriptionDevice.largestLimit), or left out"
      )
      violations.check(
        (1...Self.largestLimit).contains(speedLimit ?? 1),
        "speed_limit_mbps",
        "must be 1 to \(Self.largestLimit), or left out"
      )
      try violations.throwIfAny()
      self.init(
        trusted: name,
        quotaBytes: quotaBytes,
        durationSeconds: durationSeconds,
        resetRule: resetRule,
        deviceLimit: deviceLimit,
        hwidLimit: hwidLimit,
        speedLimit: speedLimit,
        group: group
      )
    }

    fileprivate init(
      trusted name: String,
      quotaBytes: Int64,
      durationSeconds: Int64,
      resetRule: ResetRule,
      deviceLimit: Int32?,
      hwidLimit: Int32?,
      speedLimit: Int32?,
      group: NodeGroup.ID
    ) {
      self.name = name
      self.quotaBytes = quotaBytes
      self.durationSeconds = durationSeconds
      self.resetRule = resetRule
      self.deviceLimit = deviceLimit
      self.hwidLimit = hwidLimit
      self.speedLimit = speedLimit
      self.group = group
    }
  }

  init(id: ID, series: PackageSeries.ID, version: Int32, spec: Spec, createdAt: Instant) {
    self.id = id
    self.series = series
    self.version = version
    isMaster = true
    self.spec = spec
    self.createdAt = createdAt
  }
}

extension Package {
  init(_ row: Package.Row) {
    id = row.id
    series = row.series
    version = row.version
    isMaster = row.isMaster
    spec = Spec(
      trusted: row.name,
      quotaBytes: row.quotaBytes,
      durationSeconds: row.durationSeconds,
      resetRule: row.resetRule,
      deviceLimit: row.deviceLimit,
      hwidLimit: row.hwidLimit,
      speedLimit: row.speedLimit,
      group: row.groupID
    )
    createdAt = row.createdAt
  }
}
