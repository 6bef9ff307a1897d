import Foundation
import Platform
import Testing
import WorldKit

@testable import Telecom

/// `telecom.next_reset` against Foundation's calendar, over random moments and time zones.
@Suite struct NextResetTests {
  /// Hours that change, halves and quarters, a zone that skipped a day, and the end of the dates'
  /// line.
  private static let zones = [
    "UTC", "Europe/Berlin", "America/New_York", "Asia/Shanghai", "Asia/Kathmandu",
    "Australia/Lord_Howe", "Pacific/Apia",
    "America/Sao_Paulo",
    "Asia/Tehran", "Pacific/Kiritimati",
  ]
  private static let year2010 = 1_262_304_000.0
  private static let year2038 = 2_145_916_800.0

  @Test(arguments: zones) func `it is the first of all moments of the rule that lies after`(
    zone: String
  ) async throws {
    var generator = SeededGenerator(seed: UInt64(zone.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) }))
    let cases = (0..<150).map { _ in
      let activated = Double.random(in: Self.year2010...Self.year2038, using: &generator).rounded()
      return (
        activated, activated + Double.random(in: 0...100_000_000, using: &generator).rounded()
      )
    }
    try await withWorld { world in
      for (activated, after) in cases {
        let found = try await world.number(
          """
          SELECT extract(epoch FROM telecom.next_reset('monthly', to_timestamp(\(activated)), to_timestamp(\(after)), '\(zone)'))::bigint
          """
        )
        let calendar = try Self.calendar(zone)
        #expect(
          Double(found)
            == calendar.firstMonthly(
              from: Date(timeIntervalSince1970: activated),
              after: Date(timeIntervalSince1970: after)
            ),
          "activated \(activated), after \(after)"
        )
        let month = try await world.number(
          """
          SELECT extract(epoch FROM
            telecom.next_reset('calendar_month', to_timestamp(\(activated)), to_timestamp(\(after)), '\(zone)'))::bigint
          """
        )
        #expect(
          Double(month) == calendar.nextMonth(after: Date(timeIntervalSince1970: after)),
          "after \(after)"
        )
      }
    }
  }

  @Test func `leap years have their 29th`() async throws {
    try await withWorld { world in
      let found = try await world.number(
        """
        SELECT extract(epoch FROM telecom.next_reset('monthly', '2027-12-31T00:00:00Z', '2028-02-01T00:00:00Z', 'UTC'))::bigint
        """
      )
      #expect(found == Instant.iso("2028-02-29T00:00:00Z").microseconds / 1_000_000)
    }
  }

  @Test func `a package without a rule never starts anew`() async throws {
    try await withWorld { world async throws in
      #expect(
        try await world.number("SELECT count(telecom.next_reset('none', now(), now(), 'UTC'))") == 0
      )
    }
  }

  @Test func `PostgreSQL knows every time zone that settings take`() async throws {
    try await withWorld { world async throws in
      for zone in TimeZoneName.all {
        #expect(try await world.number("SELECT count(now() AT TIME ZONE '\(zone)')") == 1)
      }
    }
    #expect(TimeZoneName.isKnown("UTC"))
    #expect(!TimeZoneName.isKnown("Mars/Olympus"))
    #expect(!TimeZoneName.isKnown("Europe"))
  }

  private static func calendar(_ zone: String) throws -> Calendar {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: zone))
    return calendar
  }
}

extension Calendar {
  fileprivate func firstMonthly(from activated: Date, after: Date) -> Double? {
    for month in 1...200 {
      if let moment = date(byAdding: .month, value: month, to: activated), moment > after {
        return moment.timeIntervalSince1970
      }
    }
    return nil
  }

  fileprivate func nextMonth(after: Date) -> Double? {
    dateInterval(of: .month, for: after)?.end.timeIntervalSince1970
  }
}

/// The same numbers in each run (SplitMix64).
private struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
