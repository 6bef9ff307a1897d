import AgentProtocols
import Platform
import SubscriptionFormats
import SwiftProtobuf
import TelecomProtos
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
  /// What the message leaves out takes the default values of `TelecomSettings`; `filled(_:from:)`
  /// replaces them.
  init(_ message: Helium_Telecom_V1_NodeServerSpec) throws {
    let defaults = TelecomSettings()
    let settings = try reading("settings") { try NodeServerSettings(message.settings) }
    try self.init(
      name: message.name,
      settings: settings,
      routes: message.routes.enumerated().map { index, route in
        try reading("routes[\(index)]") { try NodeRoute(route) }
      },
      factorThousandths: message.hasFactorThousandths ? message.factorThousandths : 1_000,
      factorSchedule: FactorSchedule(message, timeZone: defaults.timeZone),
      pushInterval: message.hasPushIntervalSeconds
        ? message.pushIntervalSeconds : Int32(clamping: defaults.pushIntervalSeconds),
      pullInterval: message.hasPullIntervalSeconds
        ? message.pullIntervalSeconds : Int32(clamping: defaults.pullIntervalSeconds),
      enabled: message.hasEnabled ? message.enabled : true
    )
  }
}

extension NodeServer.Spec.Omissions {
  init(_ message: Helium_Telecom_V1_NodeServerSpec) {
    self = []
    if !message.hasPushIntervalSeconds { insert(.pushInterval) }
    if !message.hasPullIntervalSeconds { insert(.pullInterval) }
    if message.factorTimeZone.isEmpty { insert(.factorTimeZone) }
  }
}

extension FactorSchedule {
  /// Nil: the message has no rules.
  ///
  /// - Parameter timeZone: where the message names none.
  fileprivate init?(_ message: Helium_Telecom_V1_NodeServerSpec, timeZone: String)
    throws(InvalidInput)
  {
    guard !message.factorRules.isEmpty else { return nil }
    try self.init(
      timeZone: message.factorTimeZone.isEmpty ? timeZone : message.factorTimeZone,
      rules: message.factorRules.map {
        Rule(from: $0.fromMinute, to: $0.toMinute, factorThousandths: $0.factorThousandths)
      }
    )
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
      if let schedule = server.spec.factorSchedule {
        $0.factorTimeZone = schedule.timeZone
        $0.factorRules = schedule.rules.map { rule in
          .with {
            $0.fromMinute = rule.from
            $0.toMinute = rule.to
            $0.factorThousandths = rule.factorThousandths
          }
        }
      }
      $0.pushIntervalSeconds = server.spec.pushInterval
      $0.pullIntervalSeconds = server.spec.pullInterval
      $0.enabled = server.spec.enabled
    }
    version = server.version
    currentFactorThousandths = server.currentFactor
    if let since = server.maintenanceSince { maintenanceTime = Google_Protobuf_Timestamp(since) }
    createTime = Google_Protobuf_Timestamp(server.createdAt)
    if let at = server.lastPulledAt { lastPullTime = Google_Protobuf_Timestamp(at) }
    if let at = server.lastPushedAt { lastPushTime = Google_Protobuf_Timestamp(at) }
  }
}

extension NodeClient.Spec {
  init(_ message: Helium_Telecom_V1_NodeClientSpec) throws {
    try self.init(
      server: message.serverID,
      name: message.name,
      host: message.host,
      port: message.port,
      relay: message.relay,
      front: message.hasFront ? ClientFront(message.front) : nil,
      region: message.region,
      tags: message.tags,
      sortOrder: message.sortOrder,
      enabled: message.hasEnabled ? message.enabled : true,
      groups: message.groupIds.enumerated().map { try NodeGroup.ID($1, field: "group_ids[\($0)]") }
    )
  }
}

extension ClientFront {
  fileprivate init(_ message: Helium_Telecom_V1_NodeClientFront) {
    self.init(
      serverName: message.serverName.isEmpty ? nil : message.serverName,
      host: message.host.isEmpty ? nil : message.host,
      endsTLS: message.endsTls
    )
  }
}

extension Helium_Telecom_V1_NodeClientFront {
  fileprivate init(_ front: ClientFront) {
    self.init()
    serverName = front.serverName ?? ""
    host = front.host ?? ""
    endsTls = front.endsTLS
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
      $0.relay = client.spec.relay
      if let front = client.spec.front { $0.front = Helium_Telecom_V1_NodeClientFront(front) }
      $0.region = client.spec.region
      $0.tags = client.spec.tags
      $0.sortOrder = client.spec.sortOrder
      $0.enabled = client.spec.enabled
      $0.groupIds = client.spec.groups.map(\.description)
    }
    if let since = client.maintenanceSince { maintenanceTime = Google_Protobuf_Timestamp(since) }
    createTime = Google_Protobuf_Timestamp(client.createdAt)
  }
}
