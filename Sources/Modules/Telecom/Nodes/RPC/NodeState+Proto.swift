import Platform
import SwiftProtobuf
import TelecomProtos
import WireValues

extension Helium_Telecom_V1_NodeServerState {
  init(_ state: NodeServerState) {
    self.init()
    serverID = state.server
    name = state.name
    condition = Helium_Telecom_V1_NodeServerCondition(state.condition)
    let lastSeenAt = [state.calls.lastSeenAt, state.lastAliveAt, state.status?.at].compactMap(
      \.self
    ).max()
    if let lastSeenAt { lastSeenTime = Google_Protobuf_Timestamp(lastSeenAt) }
    if let at = state.calls.lastPulledAt { lastPullTime = Google_Protobuf_Timestamp(at) }
    if let at = state.calls.lastPushedAt { lastPushTime = Google_Protobuf_Timestamp(at) }
    if let at = state.lastAliveAt { lastAliveTime = Google_Protobuf_Timestamp(at) }
    if let since = state.maintenanceSince { maintenanceTime = Google_Protobuf_Timestamp(since) }
    if let online = state.online {
      onlineUsers = Int32(clamping: online.users)
      onlineAddresses = Int32(clamping: online.addresses)
    }
    if let carried = state.throughput {
      throughput = .with {
        $0.uploadBytesPerSecond = carried.upload
        $0.downloadBytesPerSecond = carried.download
        $0.users = carried.users
      }
    }
    if let status = state.status {
      lastStatusTime = Google_Protobuf_Timestamp(status.at)
      machine = Helium_Telecom_V1_NodeMachine(status)
    }
    clients = state.clients.map { client in
      .with {
        $0.clientID = client.client.description
        $0.name = client.name
        $0.host = client.host
        $0.port = client.port
        $0.relay = client.relay
        $0.condition = Helium_Telecom_V1_NodeServerCondition(client.condition)
      }
    }
  }
}

extension Helium_Telecom_V1_NodeMachine {
  fileprivate init(_ status: NodeConditions.Status) {
    self.init()
    cpuPercent = status.status.cpu
    memory = Helium_Telecom_V1_NodeSpace(status.status.mem)
    swap = Helium_Telecom_V1_NodeSpace(status.status.swap)
    disk = Helium_Telecom_V1_NodeSpace(status.status.disk)
    if let uptime = status.metrics?.uptime { uptimeSeconds = uptime }
    if let connections = status.metrics?.activeConnections { activeConnections = connections }
    load = status.metrics?.load ?? []
  }
}

extension Helium_Telecom_V1_NodeSpace {
  fileprivate init(_ space: NodeStatus.Space) {
    self.init()
    usedBytes = space.used
    totalBytes = space.total
  }
}

extension Helium_Telecom_V1_NodeServerCondition {
  fileprivate init(_ condition: NodeServerState.Condition) {
    self =
      switch condition {
      case .disabled: .disabled
      case .maintenance: .maintenance
      case .neverSeen: .neverSeen
      case .silent: .silent
      case .online: .online
      }
  }
}

extension Helium_Telecom_V1_Node {
  init(_ node: ListNodes.Node) {
    self.init()
    id = node.id.description
    name = node.name
    region = node.region
    tags = node.tags
    currentFactorThousandths = node.currentFactor
    condition =
      switch node.condition {
      case .online: .online
      case .maintenance: .maintenance
      case .disabled, .neverSeen, .silent: .offline
      }
  }
}
