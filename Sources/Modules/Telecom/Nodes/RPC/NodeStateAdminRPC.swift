import GRPCCore
import Platform
import Redis
import SwiftProtobuf
import TelecomProtos
import WireValues

/// Serves `helium.telecom.v1.NodeStateAdminService`.
struct NodeStateAdminRPC: Helium_Telecom_V1_NodeStateAdminService.SimpleServiceProtocol {
  let telecom: Telecom
  let redis: RedisClient

  private var conditions: NodeConditions { NodeConditions(redis: redis, clock: telecom.clock) }

  func listNodeServerStates(
    request: Helium_Telecom_V1_ListNodeServerStatesRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_ListNodeServerStatesResponse {
    let page = try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    let states = try await telecom.process(
      ListNodeServerStates(server: nil, page: page, conditions: conditions),
      as: Caller.admin()
    )
    return .with {
      $0.states = states.items.map(Helium_Telecom_V1_NodeServerState.init)
      $0.nextPageToken = states.nextToken
    }
  }

  func getNodeServerState(
    request: Helium_Telecom_V1_GetNodeServerStateRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_GetNodeServerStateResponse {
    let list = ListNodeServerStates(
      server: request.serverID,
      page: try PageRequest(size: 1),
      conditions: conditions
    )
    guard let state = try await telecom.process(list, as: Caller.admin()).items.first else {
      throw NotFound("nodeServer")
    }
    return .with { $0.state = Helium_Telecom_V1_NodeServerState(state) }
  }
}
