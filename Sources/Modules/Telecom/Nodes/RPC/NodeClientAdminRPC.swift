import GRPCCore
import Platform
import RPCEdge
import SwiftProtobuf
import TelecomProtos
import WireValues

// The part of `NodeAdminService` that is about clients.

extension CreateNodeClient: RPC {
  static let method =
    Helium_Telecom_V1_NodeAdminService.Method.CreateNodeClient.descriptor

  init(_ request: Helium_Telecom_V1_CreateNodeClientRequest, by _: Admin) throws {
    self.init(spec: try reading("spec") { try NodeClient.Spec(request.spec) })
  }

  static func response(_ client: NodeClient) -> Helium_Telecom_V1_CreateNodeClientResponse {
    .with { $0.nodeClient = .init(client) }
  }
}

extension UpdateNodeClient: RPC {
  static let method = Helium_Telecom_V1_NodeAdminService.Method.UpdateNodeClient.descriptor

  init(_ request: Helium_Telecom_V1_UpdateNodeClientRequest, by _: Admin) throws {
    self.init(
      id: try NodeClient.ID(request.id, field: "id"),
      spec: try reading("spec") { try NodeClient.Spec(request.spec) }
    )
  }

  static func response(_ client: NodeClient) -> Helium_Telecom_V1_UpdateNodeClientResponse {
    .with { $0.nodeClient = .init(client) }
  }
}

extension SetNodeClientMaintenance: RPC {
  static let method = Helium_Telecom_V1_NodeAdminService.Method.SetNodeClientMaintenance.descriptor

  init(_ request: Helium_Telecom_V1_SetNodeClientMaintenanceRequest, by _: Admin) throws {
    self.init(
      id: try NodeClient.ID(request.id, field: "id"),
      inMaintenance: request.inMaintenance
    )
  }

  static func response(
    _ client: NodeClient
  ) -> Helium_Telecom_V1_SetNodeClientMaintenanceResponse {
    .with { $0.nodeClient = .init(client) }
  }
}

extension DeleteNodeClient: RPC {
  typealias Response = Helium_Telecom_V1_DeleteNodeClientResponse

  static let method = Helium_Telecom_V1_NodeAdminService.Method.DeleteNodeClient.descriptor

  init(_ request: Helium_Telecom_V1_DeleteNodeClientRequest, by _: Admin) throws {
    self.init(id: try NodeClient.ID(request.id, field: "id"))
  }
}

extension ListNodeClients: RPC {
  static let method = Helium_Telecom_V1_NodeAdminService.Method.ListNodeClients.descriptor

  init(_ request: Helium_Telecom_V1_ListNodeClientsRequest, by _: Admin) throws {
    self.init(
      server: request.serverID == 0 ? nil : request.serverID,
      page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
  }

  static func response(_ clients: Page<NodeClient>) -> Helium_Telecom_V1_ListNodeClientsResponse {
    .with {
      $0.nodeClients = clients.items.map(Helium_Telecom_V1_NodeClient.init)
      $0.nextPageToken = clients.nextToken
    }
  }
}
