import Auth
import FoundationEssentials
import GRPCCore
import GRPCProtobuf
import Logging
import Manifest
import Platform
import Redis
import SwiftProtobuf
import Synchronization
import Telecom
import TelecomProtos
import TestKit
import Testing
import WorldKit

@testable import Server

@Suite struct ExportUsageTests {
  @Test func `an operator exports usage over the wire`() async throws {
    try await withWorld { world in
      try await world.execute(
        """
        INSERT INTO telecom.usage_hours
        SELECT '2026-01-15T10:00:00Z'::timestamptz, gen_random_uuid(), 1, n, 0, 0, 0
        FROM generate_series(1, 2001) AS n
        """
      )
      let redis = RedisClient(
        configuration: try RedisConfiguration(url: try await TestRedis.make().url)
      )
      let telecom = Telecom(
        database: world.database,
        gate: world.gate(of: Telecom.operations),
        clock: world.clock.clock,
        ids: world.ids,
        redis: redis,
        settings: Settings(fixed: TelecomSettings()),
        accounts: DatabaseAccountDirectory(),
        logger: Logger(label: "helium.test")
      )
      let csv = Mutex(Data())
      try await ProbeServer.run(services: [telecom.rpcService]) { server in
        try await server.client.serverStreaming(
          request: ClientRequest(
            message: Helium_Telecom_V1_ExportUsageRequest(),
            metadata: ["x-admin-authorization": "good"]
          ),
          descriptor: Helium_Telecom_V1_UsageAdminService.Method.ExportUsage.descriptor,
          serializer: ProtobufSerializer<Helium_Telecom_V1_ExportUsageRequest>(),
          deserializer: ProtobufDeserializer<Helium_Telecom_V1_ExportUsageResponse>(),
          options: .defaults
        ) { response in
          for try await message in response.messages { csv.withLock { $0 += message.csv } }
        }
      }
      await redis.close()
      let lines = String(decoding: csv.withLock { $0 }, as: UTF8.self).split(separator: "\r\n")
      #expect(lines.count == 2_002)
      #expect(lines.first?.hasPrefix("hour,subscription_id,") == true)
      #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("2026-01-15T10:00:00Z,") })
    }
  }
}
