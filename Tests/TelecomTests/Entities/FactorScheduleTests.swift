import FieldViolations
import FoundationEssentials
import Platform
import Testing
import WorldKit

@testable import Telecom

@Suite struct FactorScheduleTests {
  private typealias Rule = FactorSchedule.Rule

  private static func violations(_ rules: [FactorSchedule.Rule], zone: String = "UTC") -> [String] {
    do throws(InvalidInput) {
      _ = try FactorSchedule(timeZone: zone, rules: rules)
      return []
    } catch {
      return error.violations.map(\.field)
    }
  }

  @Test
  func
    `over random days every minute has the factor of the one rule that it is in, else the usual one`()
    throws
  {
    var generator = Lottery(seed: 20_260_329)
    for _ in 0..<300 {
      // Cuts around a day that begins anywhere: a rule may go past midnight.
      let cuts = Set(
        (0..<Int.random(in: 2...10, using: &generator)).map { _ in
          Int32.random(in: 0..<1_440, using: &generator)
        }
      ).sorted()
      guard cuts.count > 1 else { continue }
      var rules: [Rule] = []
      var expected = [Int32](repeating: 1_000, count: 1_440)
      for (index, from) in cuts.enumerated() where Bool.random(using: &generator) {
        let to = cuts[(index + 1) % cuts.count]
        let factor = Int32.random(in: 0...1_000_000, using: &generator)
        rules.append(Rule(from: from, to: to, factorThousandths: factor))
        var minute = from
        while minute != to {
          expected[Int(minute)] = factor
          minute = (minute + 1) % 1_440
        }
      }
      guard !rules.isEmpty else { continue }
      rules.shuffle(using: &generator)
      let schedule = try FactorSchedule(timeZone: "Asia/Shanghai", rules: rules)
      #expect((0..<1_440).map { schedule.factor(atMinute: $0, usual: 1_000) } == expected)
      #expect(try JSON.decode(FactorSchedule.self, from: JSON.encode(schedule)) == schedule)
    }
  }

  @Test func `a rule that goes past midnight has both its ends`() throws {
    let schedule = try FactorSchedule(
      timeZone: "UTC",
      rules: [Rule(from: 1_380, to: 420, factorThousandths: 500)]
    )
    let answers = [1_379, 1_380, 1_439, 0, 419, 420].map {
      schedule.factor(atMinute: $0, usual: 1_000)
    }
    #expect(answers == [1_000, 500, 500, 500, 500, 1_000])
  }

  @Test func `every wrong field is named`() {
    let good = Rule(from: 0, to: 60, factorThousandths: 0)
    #expect(Self.violations([good]) == [])
    #expect(Self.violations([good], zone: "Mars/Olympus") == ["factor_time_zone"])
    #expect(
      Self.violations([good, Rule(from: 59, to: 61, factorThousandths: 1)]) == ["factor_rules[1]"]
    )
    #expect(
      Self.violations([Rule(from: 1_380, to: 30, factorThousandths: 1), good]) == [
        "factor_rules[1]"
      ]
    )
    // They touch.
    #expect(Self.violations([good, Rule(from: 60, to: 0, factorThousandths: 1)]) == [])
    #expect(
      Self.violations([Rule(from: 60, to: 60, factorThousandths: 1)]) == [
        "factor_rules[0].to_minute"
      ]
    )
    #expect(
      Self.violations([Rule(from: -1, to: 1_440, factorThousandths: 1_000_001)])
        == [
          "factor_rules[0].from_minute", "factor_rules[0].to_minute",
          "factor_rules[0].factor_thousandths",
        ]
    )
    let hours = (0..<25).map { Rule(from: $0 * 10, to: $0 * 10 + 10, factorThousandths: 1) }
    #expect(Self.violations(hours) == ["factor_rules"])
    #expect(Self.violations(Array(hours.prefix(24))) == [])
  }

  /// Across both changes of the clock, in zones that do it at different hours and by different
  /// steps.
  @Test(arguments: [
    "Europe/Oslo", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Asia/Shanghai",
    "UTC",
  ])
  func `the database reads a clock on the wall, also on days when it is set`(zone: String)
    async throws
  {
    try await withWorld { world in
      // Each quarter of an hour of a year against the text that the database writes of that moment.
      let wrong = try await world.number(
        """
        SELECT count(*) FROM generate_series('2026-01-01T00:07:00Z'::timestamptz, '2026-12-31T23:59:00Z', interval '15 minutes') AS at
        WHERE telecom.minute_of_day(at, '\(zone)')
          <> split_part(to_char(at AT TIME ZONE '\(zone)', 'HH24:MI'), ':', 1)::integer * 60
            + split_part(to_char(at AT TIME ZONE '\(zone)', 'HH24:MI'), ':', 2)::integer
        """
      )
      #expect(wrong == 0)
    }
  }

  @Test func `an hour that the clock skips has no minute, and one that comes twice has two`()
    async throws
  {
    try await withWorld { world async throws in
      func minutes(_ first: String) async throws -> [Int64] {
        var minutes: [Int64] = []
        for quarter in 0..<12 {
          minutes.append(
            try await world.number(
              "SELECT telecom.minute_of_day('\(first)'::timestamptz + \(quarter) * interval '15 minutes', 'Europe/Oslo')::bigint"
            )
          )
        }
        return minutes
      }
      // 2026-03-29: 02:00 becomes 03:00; 2026-10-25: 03:00 becomes 02:00.
      #expect(
        try await minutes("2026-03-29T00:00:00Z") == [
          60, 75, 90, 105, 180, 195, 210, 225, 240, 255, 270, 285,
        ]
      )
      #expect(
        try await minutes("2026-10-25T00:00:00Z") == [
          120, 135, 150, 165, 120, 135, 150, 165, 180, 195, 210, 225,
        ]
      )
    }
  }
}

/// The same numbers in each run.
private struct Lottery: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ (state >> 29)
  }
}
