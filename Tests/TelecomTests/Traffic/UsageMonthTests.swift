import Platform
import Testing
import WorldKit

@testable import Telecom

@Suite struct UsageMonthTests {
  private static func insert(_ hours: [String], in world: World) async throws {
    for hour in hours {
      try await world.execute(
        "INSERT INTO telecom.usage_hours VALUES ('\(hour)', gen_random_uuid(), 1, 1, 2, 3, 4)"
      )
    }
  }

  @Test func `months are made ahead, once, and what waited for them is moved`() async throws {
    try await withTelecom { telecom in
      telecom.travel(to: .iso("2031-12-31T23:00:00Z"))
      try await Self.insert(
        ["2031-12-31T23:00:00Z", "2032-01-01T00:00:00Z", "2032-05-01T00:00:00Z"],
        in: telecom.world
      )
      #expect(try await telecom.world.number("SELECT count(*) FROM telecom.usage_hours_rest") == 3)
      for _ in 0..<2 { try await KeepUsageMonths().run(in: telecom.telecom) }
      #expect(
        try await telecom.world.number("SELECT count(*) FROM telecom.usage_hours_2031_12") == 1
      )
      #expect(
        try await telecom.world.number("SELECT count(*) FROM telecom.usage_hours_2032_01") == 1
      )
      #expect(
        try await telecom.world.number("SELECT count(*) FROM telecom.usage_hours_2032_03") == 0
      )
      #expect(try await telecom.world.number("SELECT count(*) FROM telecom.usage_hours_rest") == 1)
      #expect(try await telecom.world.number("SELECT count(*) FROM telecom.usage_hours") == 3)
    }
  }

  @Test func `whole months beyond retention are dropped, and nothing younger`() async throws {
    var settings = TelecomSettings()
    settings.usageKeptDays = 31
    try await withTelecom(settings: settings) { telecom in
      telecom.travel(to: .iso("2031-10-15T00:00:00Z"))
      try await KeepUsageMonths().run(in: telecom.telecom)
      try await Self.insert(
        ["2020-01-01T00:00:00Z", "2031-10-15T00:00:00Z", "2031-11-02T05:00:00Z"],
        in: telecom.world
      )
      // The cut falls on 2 November at 5 o'clock: October is over by then, November is not.
      telecom.travel(to: .iso("2031-12-03T05:00:00Z"))
      try await KeepUsageMonths().run(in: telecom.telecom)
      #expect(try await telecom.world.number("SELECT count(*) FROM telecom.usage_hours") == 1)
      #expect(
        try await telecom.world.number(
          "SELECT count(*) FROM pg_class WHERE relname = 'usage_hours_2031_10'"
        ) == 0
      )
    }
  }

  @Test func `ten workers make the months at once`() async throws {
    try await withTelecom { telecom in
      telecom.travel(to: .iso("2033-02-28T12:00:00Z"))
      let errors = await race(10) { _ in try await KeepUsageMonths().run(in: telecom.telecom) }
        .failed
      #expect(errors.isEmpty, "\(errors)")
    }
  }
}
