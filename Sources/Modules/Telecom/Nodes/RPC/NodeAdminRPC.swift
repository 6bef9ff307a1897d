import AgentProtocols
import GRPCCore
import Platform
import RPCEdge
import SubscriptionFormats
import SwiftProtobuf
import TelecomProtos
import WireValues

extension CreateNodeGroup: RPC {
  static let method =
    Helium_Telecom_V1_NodeAdminService.Method.CreateNodeGroup.descriptor

  init(_ request: Helium_Telecom_V1_CreateNodeGroupRequest, by _: Admin) throws {
    try self.init(name: request.name)
  }

  static func response(_ group: NodeGroup) -> Helium_Telecom_V1_CreateNodeGroupResponse {
    .with { $0.nodeGroup = .init(group) }
  }
}

extension ListNodeGroups: RPC {
  static let method = Helium_Telecom_V1_NodeAdminService.Method.ListNodeGroups.descriptor

  init(_ request: Helium_Telecom_V1_ListNodeGroupsRequest, by _: Admin) throws {
    self.init(page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken))
  }

  static func response(_ groups: Page<NodeGroup>) -> Helium_Telecom_V1_ListNodeGroupsResponse {
    .with {
      $0.nodeGroups = groups.items.map(Helium_Telecom_V1_NodeGroup.init)
      $0.nextPageToken = groups.nextToken
    }
  }
}

extension CreateNodeServer: RPC {
  static let method =
    Helium_Telecom_V1_NodeAdminService.Method.CreateNodeServer.descriptor

  init(_ request: Helium_Telecom_V1_CreateNodeServerRequest, by _: Admin) throws {
    self.init(
      spec: try reading("spec") { try NodeServer.Spec(request.spec) },
      omissions: NodeServer.Spec.Omissions(request.spec)
    )
  }

  static func response(_ issued: IssuedNodeServer) -> Helium_Telecom_V1_CreateNodeServerResponse {
    .with {
      $0.nodeServer = .init(issued.server)
      $0.token = issued.token.text
    }
  }
}

extension UpdateNodeServer: RPC {
  static let method = Helium_Telecom_V1_NodeAdminService.Method.UpdateNodeServer.descriptor

  init(_ request: Helium_Telecom_V1_UpdateNodeServerRequest, by _: Admin) throws {
    self.init(
      id: request.id,
      spec: try reading("spec") { try NodeServer.Spec(request.spec) },
      omissions: NodeServer.Spec.Omissions(request.spec)
    )
  }

  static func response(_ server: NodeServer) -> Helium_Telecom_V1_UpdateNodeServerResponse {
    .with { $0.nodeServer = .init(server) }
  }
}

extension GetNodeServer: RPC {
  static let method = Helium_Telecom_V1_NodeAdminService.Method.GetNodeServer.descriptor

  init(_ request: Helium_Telecom_V1_GetNodeServerRequest, by _: Admin) throws {
    self.init(id: request.id)
  }

  static func response(_ server: NodeServer) -> Helium_Telecom_V1_GetNodeServerResponse {
    .with { $0.nodeServer = .init(server) }
  }
}

extension ListNodeServers: RPC {
  static let method = Helium_Telecom_V1_NodeAdminService.Method.ListNodeServers.descriptor

  init(_ request: Helium_Telecom_V1_ListNodeServersRequest, by _: Admin) throws {
    self.init(page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken))
  }

  static func response(_ servers: Page<NodeServer>) -> Helium_Telecom_V1_ListNodeServersResponse {
    .with {
      $0.nodeServers = servers.items.map(Helium_Telecom_V1_NodeServer.init)
      $0.nextPageToken = servers.nextToken
    }
  }
}

extension SetNodeServerMaintenance: RPC {
  static let method = Helium_Telecom_V1_NodeAdminService.Method.SetNodeServerMaintenance.descriptor

  init(_ request: Helium_Telecom_V1_SetNodeServerMaintenanceRequest, by _: Admin) throws {
    self.init(id: request.id, inMaintenance: request.inMaintenance)
  }

  static func response(
    _ server: NodeServer
  ) -> Helium_Telecom_V1_SetNodeServerMaintenanceResponse {
    .with { $0.nodeServer = .init(server) }
  }
}

extension DeleteNodeServer: RPC {
  typealias Response = Helium_Telecom_V1_DeleteNodeServerResponse

  static let method = Helium_Telecom_V1_NodeAdminService.Method.DeleteNodeServer.descriptor

  init(_ request: Helium_Telecom_V1_DeleteNodeServerRequest, by _: Admin) throws {
    self.init(id: request.id)
  }
}

extension RotateNodeServerToken: RPC {
  static let method = Helium_Telecom_V1_NodeAdminService.Method.RotateNodeServerToken.descriptor

  init(_ request: Helium_Telecom_V1_RotateNodeServerTokenRequest, by _: Admin) throws {
    self.init(id: request.id)
  }

  static func response(_ token: NodeToken) -> Helium_Telecom_V1_RotateNodeServerTokenResponse {
    .with { $0.token = token.text }
  }
}

extension GetNodeSnippet: RPC {
  static let method = Helium_Telecom_V1_NodeAdminService.Method.GetNodeSnippet.descriptor

  init(_ request: Helium_Telecom_V1_GetNodeSnippetRequest, by _: Admin) throws {
    self.init(
      id: request.serverID,
      program: try NodeSnippet(request.program),
      token: request.token.isEmpty ? nil : NodeToken(sent: request.token)
    )
  }

  static func response(_ text: String) -> Helium_Telecom_V1_GetNodeSnippetResponse {
    .with { $0.text = text }
  }
}
