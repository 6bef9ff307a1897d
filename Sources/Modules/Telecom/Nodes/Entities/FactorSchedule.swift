package import Platform

/// What a node server's traffic is billed at by the time of day: one factor in each of some hours,
/// the server's own in the others.
///
/// The hours are those of a clock on the wall. Where it is set back, an hour of them comes twice;
/// where it is set forward, one never comes.
package struct FactorSchedule: Hashable, Sendable, Codable {
  /// Whose clock counts: a name of the IANA time zone database.
  package let timeZone: String
  /// No two of them have a minute in common.
  package let rules: [Rule]

  /// A factor for some hours of each day.
  package struct Rule: Hashable, Sendable, Codable {
    /// Minutes after midnight; the first in which it is the factor.
    package let from: Int32
    /// The first in which it isn't any more. At or before `from` it is one of the next day.
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
  /// One for each hour: nobody remembers more prices.
  static let mostRules = 24

  /// Throws every field that is wrong, by its name in a request.
  package init(timeZone: String, rules: [Rule]) throws(InvalidInput) {
    var violations: [FieldViolation] = []
    violations.check(
      TimeZoneName.isKnown(timeZone),
      "factor_time_zone",
      "must be a name of the IANA time zone database, like Asia/Shanghai"
    )
    violations.check(
      (1...Self.mostRules).contains(rules.count),
      "factor_rules",
      "must have at most \(Self.mostRules) entries"
    )
    var owners: [Int32: Int] = [:]
    for (index, rule) in rules.prefix(Self.mostRules).enumerated() {
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
          "must have no minute in common with factor_rules[\(earlier)]"
        )
      }
      for minute in minutes where rule.includes(minute) { owners[minute] = index }
    }
    try violations.throwIfAny()
    self.timeZone = timeZone
    self.rules = rules
  }

  /// The factor of a minute of the day, which is `usual` outside the rules.
  func factor(atMinute minute: Int32, usual: Int32) -> Int32 {
    rules.first { $0.includes(minute) }?.factorThousandths ?? usual
  }
}

/// What traffic of a node server that arrives now is billed at, as the database has it.
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
