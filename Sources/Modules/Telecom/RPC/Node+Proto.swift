import Platform
import Protos
import SubscriptionFormats
import SwiftProtobuf
import WireValues

extension Helium_Telecom_V1_NodeGroup {
  init(_ group: NodeGroup) {
    self.init()
    id = group.id.description
    name = group.name
    version = group.version
    createTime = Google_Protobuf_Timestamp(group.createdAt)
  }
}

extension NodeServer.Spec {
  init(_ message: Helium_Telecom_V1_NodeServerSpec, defaults: TelecomSettings) throws {
    let settings = try reading("settings") { try NodeServerSettings(message.settings) }
    try self.init(
      name: message.name, settings: settings,
      routes: message.routes.enumerated().map { index, route in
        try reading("routes[\(index)]") { try NodeRoute(route) }
      },
      factorThousandths: message.hasFactorThousandths ? message.factorThousandths : 1_000,
      pushInterval: message.hasPushIntervalSeconds ? message.pushIntervalSeconds : Int32(clamping: defaults.pushIntervalSeconds),
      pullInterval: message.hasPullIntervalSeconds ? message.pullIntervalSeconds : Int32(clamping: defaults.pullIntervalSeconds),
      enabled: message.hasEnabled ? message.enabled : true)
  }
}

extension Helium_Telecom_V1_NodeServer {
  init(_ server: NodeServer) {
    self.init()
    id = server.id
    spec = .with {
      $0.name = server.spec.name
      $0.settings = Helium_Telecom_V1_NodeServerSettings(server.spec.settings)
      $0.routes = server.spec.routes.map(Helium_Telecom_V1_NodeRoute.init)
      $0.factorThousandths = server.spec.factorThousandths
      $0.pushIntervalSeconds = server.spec.pushInterval
      $0.pullIntervalSeconds = server.spec.pullInterval
      $0.enabled = server.spec.enabled
    }
    version = server.version
    createTime = Google_Protobuf_Timestamp(server.createdAt)
    if let at = server.lastPulledAt { lastPullTime = Google_Protobuf_Timestamp(at) }
    if let at = server.lastPushedAt { lastPushTime = Google_Protobuf_Timestamp(at) }
  }
}

extension NodeClient.Spec {
  init(_ message: Helium_Telecom_V1_NodeClientSpec) throws {
    try self.init(
      server: message.serverID, name: message.name, host: message.host, port: message.port, region: message.region, tags: message.tags,
      sortOrder: message.sortOrder, enabled: message.hasEnabled ? message.enabled : true,
      groups: message.groupIds.enumerated().map { try NodeGroup.ID($1, field: "group_ids[\($0)]") })
  }
}

extension Helium_Telecom_V1_NodeClient {
  init(_ client: NodeClient) {
    self.init()
    id = client.id.description
    spec = .with {
      $0.serverID = client.spec.server
      $0.name = client.spec.name
      $0.host = client.spec.host
      $0.port = client.spec.port
      $0.region = client.spec.region
      $0.tags = client.spec.tags
      $0.sortOrder = client.spec.sortOrder
      $0.enabled = client.spec.enabled
      $0.groupIds = client.spec.groups.map(\.description)
    }
    createTime = Google_Protobuf_Timestamp(client.createdAt)
  }
}
