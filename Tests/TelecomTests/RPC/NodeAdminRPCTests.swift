import Platform
import SwiftProtobuf
import TelecomProtos
import Testing
import WorldKit

@testable import Telecom

@Suite struct NodeAdminRPCTests {
  @Test func `a repeated creation makes one server and gets the same answer, its token too`()
    async throws
  {
    try await withTelecom { telecom in
      let request = Helium_Telecom_V1_CreateNodeServerRequest.with {
        $0.spec.name = "Oslo 2"
        $0.spec.settings.serverPort = 8_389
        $0.spec.settings.shadowsocks = .init()
      }
      func create() async throws -> Helium_Telecom_V1_CreateNodeServerResponse {
        try await telecom.answer(
          CreateNodeServer.self,
          request,
          as: .admin(telecom.admin),
          key: "one"
        )
      }
      let (first, second) = (try await create(), try await create())
      #expect(first == second && !first.token.isEmpty)
      #expect(
        try await telecom.world.number(
          "SELECT count(*) FROM telecom.node_servers WHERE name = 'Oslo 2'"
        ) == 1
      )
    }
  }

  @Test func `what an operator leaves out of a server is as the settings have it`() async throws {
    var settings = TelecomSettings()
    settings.pushIntervalSeconds = 90
    settings.timeZone = "Asia/Shanghai"
    try await withTelecom(settings: settings) { telecom in
      let request = Helium_Telecom_V1_CreateNodeServerRequest.with {
        $0.spec.name = "Oslo 2"
        $0.spec.settings.serverPort = 8_389
        $0.spec.settings.shadowsocks = .init()
        $0.spec.pullIntervalSeconds = 20
        $0.spec.factorRules = [
          .with {
            $0.toMinute = 60
            $0.factorThousandths = 500
          }
        ]
      }
      let created = try await telecom.answer(
        CreateNodeServer.self,
        request,
        as: .admin(telecom.admin)
      )
      #expect(created.nodeServer.spec.pushIntervalSeconds == 90)
      #expect(created.nodeServer.spec.pullIntervalSeconds == 20)
      #expect(created.nodeServer.spec.factorTimeZone == "Asia/Shanghai")

      let update = Helium_Telecom_V1_UpdateNodeServerRequest.with {
        $0.id = created.nodeServer.id
        $0.spec = request.spec
        $0.spec.clearPullIntervalSeconds()
      }
      let updated = try await telecom.answer(
        UpdateNodeServer.self,
        update,
        as: .admin(telecom.admin)
      )
      #expect(updated.nodeServer.spec.pullIntervalSeconds == 60)
    }
  }
}
