import GRPCCore
import Platform
import RPCEdge
import SwiftProtobuf
import TelecomProtos
import WireValues

extension ListNodeServerStates: RPC {
  static let method = Helium_Telecom_V1_NodeStateAdminService.Method.ListNodeServerStates.descriptor

  init(_ request: Helium_Telecom_V1_ListNodeServerStatesRequest, by _: Admin) throws {
    self.init(page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken))
  }

  static func response(
    _ states: Page<NodeServerState>
  ) -> Helium_Telecom_V1_ListNodeServerStatesResponse {
    .with {
      $0.states = states.items.map(Helium_Telecom_V1_NodeServerState.init)
      $0.nextPageToken = states.nextToken
    }
  }
}

extension GetNodeServerState: RPC {
  static let method = Helium_Telecom_V1_NodeStateAdminService.Method.GetNodeServerState.descriptor

  init(_ request: Helium_Telecom_V1_GetNodeServerStateRequest, by _: Admin) throws {
    self.init(server: request.serverID)
  }

  static func response(
    _ state: NodeServerState
  ) -> Helium_Telecom_V1_GetNodeServerStateResponse {
    .with { $0.state = .init(state) }
  }
}
