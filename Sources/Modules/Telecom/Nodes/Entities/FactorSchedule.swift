import FieldViolations
package import Platform

/// The billing factors of a node server by time of day: one factor for each of some periods, and
/// the server's own factor otherwise.
///
/// Hours are local time. When clocks are set back, an hour comes twice; when they are set forward,
/// an hour is missing.
package struct FactorSchedule: Hashable, Sendable, Codable {
  /// The time zone of the rules: a name from the IANA time zone database.
  package let timeZone: String
  /// The rules don't overlap.
  package let rules: [Rule]

  /// A factor for some hours of each day.
  package struct Rule: Hashable, Sendable, Codable {
    /// When the factor begins to apply, in minutes after midnight.
    package let from: Int32
    /// When the factor stops applying, not included. If it is at or before `from`, it is on the
    /// next day.
    package let to: Int32
    package let factorThousandths: Int32

    private enum CodingKeys: String, CodingKey {
      case from, to
      case factorThousandths = "factor_thousandths"
    }

    package init(from: Int32, to: Int32, factorThousandths: Int32) {
      self.from = from
      self.to = to
      self.factorThousandths = factorThousandths
    }

    func includes(_ minute: Int32) -> Bool {
      from < to ? (from..<to).contains(minute) : minute >= from || minute < to
    }
  }

  private enum CodingKeys: String, CodingKey {
    case rules
    case timeZone = "time_zone"
  }

  static let minutesOfDay: Int32 = 1_440
  /// One for each hour. Nobody remembers more prices.
  static let maxRules = 24

  /// Throws all fields that are wrong, named as in a request.
  package init(timeZone: String, rules: [Rule]) throws(InvalidInput) {
    var violations: [FieldViolation] = []
    violations.check(
      TimeZoneName.isKnown(timeZone),
      "factor_time_zone",
      "must be a name from the IANA time zone database, e.g. Asia/Shanghai"
    )
    violations.check(
      (1...Self.maxRules).contains(rules.count),
      "factor_rules",
      "must have at most \(Self.maxRules) entries"
    )
    var owners: [Int32: Int] = [:]
    for (index, rule) in rules.prefix(Self.maxRules).enumerated() {
      let field = "factor_rules[\(index)]"
      let minutes: Range<Int32> = 0..<Self.minutesOfDay
      violations.check(minutes.contains(rule.from), "\(field).from_minute", "must be 0 to 1439")
      violations.check(minutes.contains(rule.to), "\(field).to_minute", "must be 0 to 1439")
      violations.check(
        rule.from != rule.to,
        "\(field).to_minute",
        "must not be the same as from_minute"
      )
      violations.check(
        NodeServer.Spec.factors.contains(rule.factorThousandths),
        "\(field).factor_thousandths",
        "must be 0 to \(NodeServer.Spec.factors.upperBound)"
      )
      let earlier = minutes.lazy.filter(rule.includes).compactMap { owners[$0] }.min()
      if let earlier {
        violations.check(
          false,
          field,
          "must not overlap with factor_rules[\(earlier)]"
        )
      }
      for minute in minutes where rule.includes(minute) { owners[minute] = index }
    }
    try violations.throwIfAny()
    self.timeZone = timeZone
    self.rules = rules
  }

  private init(timeZone: String, trusted rules: [Rule]) {
    self.timeZone = timeZone
    self.rules = rules
  }

  /// The same rules in a time zone that is known to exist.
  func with(timeZone: String) -> FactorSchedule {
    FactorSchedule(timeZone: timeZone, trusted: rules)
  }

  /// The factor of a minute of the day, which is `usual` outside the rules.
  func factor(atMinute minute: Int32, usual: Int32) -> Int32 {
    rules.first { $0.includes(minute) }?.factorThousandths ?? usual
  }
}

/// The factor for traffic of a node server that arrives now.
struct CurrentFactor: Hashable, Sendable {
  let schedule: FactorSchedule?
  let thousandths: Int32

  /// - Parameter minute: the minute of the day in the schedule's time zone; nil where there is no
  ///   schedule.
  init(usual: Int32, schedule: FactorSchedule?, minute: Int32?) {
    self.schedule = schedule
    guard let schedule, let minute else {
      thousandths = usual
      return
    }
    thousandths = schedule.factor(atMinute: minute, usual: usual)
  }
}
