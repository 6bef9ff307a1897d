import AgentProtocols
import Platform
import SubscriptionFormats
import SwiftProtobuf
import TelecomProtos
import Testing

@testable import Telecom

@Suite struct NodeProtoTests {
  private func spec(zone: String, rules: [Helium_Telecom_V1_FactorRule]) throws -> NodeServer.Spec {
    var defaults = TelecomSettings()
    defaults.timeZone = "Asia/Shanghai"
    let settings = try NodeServer.Spec.shadowsocks().settings
    let message = Helium_Telecom_V1_NodeServerSpec.with {
      $0.name = "Oslo"
      $0.settings = Helium_Telecom_V1_NodeServerSettings(settings)
      $0.factorTimeZone = zone
      $0.factorRules = rules
    }
    return try NodeServer.Spec(message).filled(
      NodeServer.Spec.Omissions(message),
      from: defaults
    )
  }

  @Test func `rules without a time zone are read on the configured one's clock`() throws {
    let rule = Helium_Telecom_V1_FactorRule.with {
      $0.fromMinute = 1_380
      $0.toMinute = 420
      $0.factorThousandths = 500
    }
    let expected = [FactorSchedule.Rule(from: 1_380, to: 420, factorThousandths: 500)]
    #expect(
      try spec(zone: "", rules: [rule]).factorSchedule
        == FactorSchedule(timeZone: "Asia/Shanghai", rules: expected)
    )
    #expect(
      try spec(zone: "Europe/Oslo", rules: [rule]).factorSchedule
        == FactorSchedule(timeZone: "Europe/Oslo", rules: expected)
    )
    #expect(try spec(zone: "Europe/Oslo", rules: []).factorSchedule == nil)
  }

  @Test func `a client's relay and front come back as they were sent`() throws {
    let message = Helium_Telecom_V1_NodeClientSpec.with {
      $0.serverID = 1
      $0.name = "CDN"
      $0.host = "cdn.example.com"
      $0.relay = true
      $0.front = .with {
        $0.serverName = "front.example.com"
        $0.endsTls = true
      }
    }
    let spec = try NodeClient.Spec(message)
    #expect(spec.relay && spec.front == ClientFront(serverName: "front.example.com", endsTLS: true))
    let client = NodeClient(
      id: IdentifierSource(clock: .system).next(),
      spec: spec,
      maintenanceSince: Instant(seconds: 7),
      createdAt: Instant(seconds: 1)
    )
    let answer = Helium_Telecom_V1_NodeClient(client)
    #expect(
      answer.spec.front == message.front && answer.spec.relay && answer.maintenanceTime.seconds == 7
    )
  }

  @Test func `a state says of what nobody reported nothing at all`() {
    let calls = NodeCalls(
      lastPulledAt: Instant(seconds: 9),
      lastPushedAt: nil,
      pullInterval: 60,
      pushInterval: 60
    )
    let state = NodeServerState(
      server: 3,
      name: "Oslo",
      condition: .silent,
      calls: calls,
      maintenanceSince: nil,
      lastAliveAt: Instant(seconds: 12),
      online: nil,
      status: nil,
      throughput: nil,
      clients: []
    )
    let answer = Helium_Telecom_V1_NodeServerState(state)
    #expect(answer.serverID == 3 && answer.condition == .silent)
    #expect(answer.lastPullTime.seconds == 9 && answer.lastSeenTime.seconds == 12)
    #expect(
      !answer.hasLastPushTime && !answer.hasOnlineUsers && !answer.hasThroughput
        && !answer.hasMachine && !answer.hasMaintenanceTime
    )
  }
}
