import FieldViolations
import Logging
import Platform
import Postgres
import Testing
import WorldKit

@testable import Telecom

@Suite struct TimeZoneTests {
  private func violations(_ zone: String, in world: World) async throws -> [FieldViolation] {
    var settings = TelecomSettings()
    settings.timeZone = zone
    return try await world.database.transaction { [settings] transaction in
      let violations = try await settings.violations(in: transaction)
      // The check leaves the transaction usable.
      _ = try await transaction.process(TimeZoneName.IsInDatabase(name: "UTC"))
      return violations
    }
  }

  @Test
  func
    `a time zone that the database doesn't know is a violation of its field, and the transaction goes on`()
    async throws
  {
    try await withWorld { world async throws in
      #expect(try await violations("Europe/Berlin", in: world).isEmpty)
      #expect(
        try await violations("America/Coyhaique_2031", in: world).map(\.field) == ["time_zone"]
      )
    }
  }

  @Test func `every time zone of ours is known to this server`() async throws {
    try await withWorld { world async throws in
      for zone in TimeZoneName.all {
        #expect(try await world.database.process(TimeZoneName.IsInDatabase(name: zone)), "\(zone)")
      }
    }
  }
}
