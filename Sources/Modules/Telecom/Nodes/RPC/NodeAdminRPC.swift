import AgentProtocols
import GRPCCore
import Platform
import SubscriptionFormats
import SwiftProtobuf
import TelecomProtos
import WireValues

/// Serves `helium.telecom.v1.NodeAdminService`.
struct NodeAdminRPC: Helium_Telecom_V1_NodeAdminService.SimpleServiceProtocol {
  let telecom: Telecom

  func createNodeGroup(
    request: Helium_Telecom_V1_CreateNodeGroupRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_CreateNodeGroupResponse {
    let group = try await telecom.process(
      try CreateNodeGroup(name: request.name),
      as: Caller.admin()
    )
    return .with { $0.nodeGroup = Helium_Telecom_V1_NodeGroup(group) }
  }

  func listNodeGroups(
    request: Helium_Telecom_V1_ListNodeGroupsRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_ListNodeGroupsResponse {
    let page = try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    let groups = try await telecom.process(ListNodeGroups(page: page), as: Caller.admin())
    return .with {
      $0.nodeGroups = groups.items.map(Helium_Telecom_V1_NodeGroup.init)
      $0.nextPageToken = groups.nextToken
    }
  }

  func createNodeServer(
    request: Helium_Telecom_V1_CreateNodeServerRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_CreateNodeServerResponse {
    let spec = try reading("spec") {
      try NodeServer.Spec(request.spec, defaults: telecom.settings())
    }
    let issued = try await telecom.process(CreateNodeServer(spec: spec), as: Caller.admin())
    return .with {
      $0.nodeServer = Helium_Telecom_V1_NodeServer(issued.server)
      $0.token = issued.token?.text ?? ""
    }
  }

  func updateNodeServer(
    request: Helium_Telecom_V1_UpdateNodeServerRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_UpdateNodeServerResponse {
    let spec = try reading("spec") {
      try NodeServer.Spec(request.spec, defaults: telecom.settings())
    }
    let server = try await telecom.process(
      UpdateNodeServer(id: request.id, spec: spec),
      as: Caller.admin()
    )
    return .with { $0.nodeServer = Helium_Telecom_V1_NodeServer(server) }
  }

  func getNodeServer(
    request: Helium_Telecom_V1_GetNodeServerRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_GetNodeServerResponse {
    let server = try await telecom.process(GetNodeServer(id: request.id), as: Caller.admin())
    return .with { $0.nodeServer = Helium_Telecom_V1_NodeServer(server) }
  }

  func listNodeServers(
    request: Helium_Telecom_V1_ListNodeServersRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_ListNodeServersResponse {
    let page = try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    let servers = try await telecom.process(ListNodeServers(page: page), as: Caller.admin())
    return .with {
      $0.nodeServers = servers.items.map(Helium_Telecom_V1_NodeServer.init)
      $0.nextPageToken = servers.nextToken
    }
  }

  func setNodeServerMaintenance(
    request: Helium_Telecom_V1_SetNodeServerMaintenanceRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_SetNodeServerMaintenanceResponse {
    let change = SetNodeServerMaintenance(id: request.id, inMaintenance: request.inMaintenance)
    let server = try await telecom.process(change, as: Caller.admin())
    return .with { $0.nodeServer = Helium_Telecom_V1_NodeServer(server) }
  }

  func deleteNodeServer(
    request: Helium_Telecom_V1_DeleteNodeServerRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_DeleteNodeServerResponse {
    try await telecom.process(DeleteNodeServer(id: request.id), as: Caller.admin())
    return .init()
  }

  func rotateNodeServerToken(
    request: Helium_Telecom_V1_RotateNodeServerTokenRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_RotateNodeServerTokenResponse {
    let token = try await telecom.process(RotateNodeServerToken(id: request.id), as: Caller.admin())
    return .with { $0.token = token.text }
  }

  func getNodeSnippet(
    request: Helium_Telecom_V1_GetNodeSnippetRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_GetNodeSnippetResponse {
    let token = request.token.isEmpty ? nil : NodeToken(sent: request.token)
    let snippet = GetNodeSnippet(
      id: request.serverID,
      program: try NodeSnippet(request.program),
      token: token
    )
    let text = try await telecom.process(snippet, as: Caller.admin())
    return .with { $0.text = text }
  }

  func createNodeClient(
    request: Helium_Telecom_V1_CreateNodeClientRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_CreateNodeClientResponse {
    let spec = try reading("spec") { try NodeClient.Spec(request.spec) }
    let client = try await telecom.process(CreateNodeClient(spec: spec), as: Caller.admin())
    return .with { $0.nodeClient = Helium_Telecom_V1_NodeClient(client) }
  }

  func updateNodeClient(
    request: Helium_Telecom_V1_UpdateNodeClientRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_UpdateNodeClientResponse {
    let id = try NodeClient.ID(request.id, field: "id")
    let spec = try reading("spec") { try NodeClient.Spec(request.spec) }
    let client = try await telecom.process(UpdateNodeClient(id: id, spec: spec), as: Caller.admin())
    return .with { $0.nodeClient = Helium_Telecom_V1_NodeClient(client) }
  }

  func setNodeClientMaintenance(
    request: Helium_Telecom_V1_SetNodeClientMaintenanceRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_SetNodeClientMaintenanceResponse {
    let change = SetNodeClientMaintenance(
      id: try NodeClient.ID(request.id, field: "id"),
      inMaintenance: request.inMaintenance
    )
    let client = try await telecom.process(change, as: Caller.admin())
    return .with { $0.nodeClient = Helium_Telecom_V1_NodeClient(client) }
  }

  func deleteNodeClient(
    request: Helium_Telecom_V1_DeleteNodeClientRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_DeleteNodeClientResponse {
    try await telecom.process(
      DeleteNodeClient(id: NodeClient.ID(request.id, field: "id")),
      as: Caller.admin()
    )
    return .init()
  }

  func listNodeClients(
    request: Helium_Telecom_V1_ListNodeClientsRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_ListNodeClientsResponse {
    let page = try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    let server = request.serverID == 0 ? nil : request.serverID
    let clients = try await telecom.process(
      ListNodeClients(server: server, page: page),
      as: Caller.admin()
    )
    return .with {
      $0.nodeClients = clients.items.map(Helium_Telecom_V1_NodeClient.init)
      $0.nextPageToken = clients.nextToken
    }
  }
}
