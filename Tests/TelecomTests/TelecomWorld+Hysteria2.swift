import AgentProtocols
import Platform
import SubscriptionFormats
import WorldKit

@testable import Telecom

extension TelecomWorld {
  /// Adds a Hysteria 2 server to the group.
  func serveHysteria2() async throws {
    let settings = Hysteria2Server(
      listener: Listener(port: 443),
      tls: ServerTLS(serverName: "bergen.example.com")
    )
    let issued = try await telecom.process(
      CreateNodeServer(
        spec: try NodeServer.Spec(
          name: "Hysteria",
          settings: .hysteria2(settings),
          pushInterval: 60,
          pullInterval: 60
        )
      ),
      as: admin
    )
    _ = try await telecom.process(
      CreateNodeClient(
        spec: try NodeClient.Spec(
          server: issued.server.id,
          name: "Bergen",
          host: "bergen.example.com",
          groups: [group.id]
        )
      ),
      as: admin
    )
  }
}
