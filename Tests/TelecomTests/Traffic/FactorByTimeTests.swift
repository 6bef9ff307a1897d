import AgentProtocols
import FoundationEssentials
import Platform
import SubscriptionFormats
import Testing
import WorldKit

@testable import Telecom

@Suite struct FactorByTimeTests {
  /// Half price from 23:00 to 07:00 in Oslo, thrice from 19:00 to 23:00.
  private static func spec(night: Int32 = 500) throws -> NodeServer.Spec {
    try NodeServer.Spec(
      name: "Oslo 1",
      settings: .shadowsocks(ShadowsocksServer(listener: Listener(port: 8_388), serverKey: nil)),
      factorSchedule: try FactorSchedule(
        timeZone: "Europe/Oslo",
        rules: [
          FactorSchedule.Rule(from: 1_380, to: 420, factorThousandths: night),
          FactorSchedule.Rule(from: 1_140, to: 1_380, factorThousandths: 3_000),
        ]
      ),
      pushInterval: 60,
      pullInterval: 60
    )
  }

  /// The factors of the kept reports, the oldest first.
  private func factors(_ telecom: TelecomWorld) async throws -> [Int64] {
    var factors: [Int64] = []
    for index
      in 0..<(try await telecom.world.number("SELECT count(*) FROM telecom.traffic_reports"))
    {
      factors.append(
        try await telecom.world.number(
          "SELECT factor_thousandths::bigint FROM telecom.traffic_reports ORDER BY received_at OFFSET \(index) LIMIT 1"
        )
      )
    }
    return factors
  }

  @Test func `a report is billed at the factor of the moment in which it arrives`() async throws {
    try await withRoutes { routes in
      let telecom = routes.telecom
      let id = telecom.server.server.id
      let updated = try await telecom.telecom.process(
        UpdateNodeServer(id: id, spec: try Self.spec()),
        as: telecom.admin
      )
      #expect(updated.spec.factorSchedule == (try Self.spec().factorSchedule))
      // In summer Oslo is two hours ahead of UTC.
      var expected: [Int64] = []
      for (minute, factor) in [
        ("16:59", 1_000), ("17:00", 3_000), ("20:59", 3_000), ("21:00", 500), ("22:00", 500),
      ] {
        telecom.travel(to: .iso("2027-07-01T\(minute):00Z"))
        #expect(
          try await telecom.telecom.process(GetNodeServer(id: id), as: telecom.admin).currentFactor
            == Int32(factor)
        )
        #expect(try await routes.push("{\"1001\":[\(expected.count + 1),0]}").status == 200)
        expected.append(Int64(factor))
      }
      // In winter one.
      for (minute, factor) in [("05:59", 500), ("06:00", 1_000)] {
        telecom.travel(to: .iso("2027-12-01T\(minute):00Z"))
        #expect(try await routes.push("{\"1001\":[\(expected.count + 1),0]}").status == 200)
        expected.append(Int64(factor))
      }
      #expect(try await factors(telecom) == expected)
    }
  }

  @Test func `what was received stays at its factor, whatever is changed before it is billed`()
    async throws
  {
    try await withRoutes { routes in
      let telecom = routes.telecom
      let id = telecom.server.server.id
      _ = try await telecom.telecom.process(
        UpdateNodeServer(id: id, spec: try Self.spec()),
        as: telecom.admin
      )
      telecom.travel(to: .iso("2027-07-01T22:00:00Z"))
      try await telecom.queue()
      let user = try await telecom.subscription().nodeUserID
      _ = try await routes.push("{\"\(user)\":[100,40]}")
      _ = try await telecom.telecom.process(
        UpdateNodeServer(id: id, spec: try Self.spec(night: 900_000)),
        as: telecom.admin
      )
      telecom.travel(to: .iso("2027-07-02T18:00:00Z"))
      _ = try await telecom.telecom.process(BillReports())
      let active = try #require(try await telecom.subscription().active)
      #expect(active.upload == 50 && active.download == 20)
    }
  }

  @Test func `prices are not told to agents, and their list stays`() async throws {
    try await withRoutes { routes in
      let telecom = routes.telecom
      let tag = try await routes.agent("user").tag ?? ""
      let config = try await routes.agent("config").tag ?? ""
      _ = try await telecom.telecom.process(
        UpdateNodeServer(id: telecom.server.server.id, spec: try Self.spec()),
        as: telecom.admin
      )
      #expect(try await routes.agent("user", headers: ["If-None-Match": tag]).status == 304)
      #expect(try await routes.agent("config", headers: ["If-None-Match": config]).status == 304)
    }
  }
}
