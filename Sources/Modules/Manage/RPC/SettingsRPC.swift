import GRPCCore
import ManageProtos
import Platform
import RPCEdge
import SwiftProtobuf
import WireValues

extension ListSettings: RPC {
  static let method = Helium_Manage_V1_SettingsService.Method.ListSettings.descriptor

  init(_ request: Helium_Manage_V1_ListSettingsRequest, by _: Admin) {
    self.init()
  }

  static func response(_ modules: [String]) -> Helium_Manage_V1_ListSettingsResponse {
    .with { $0.modules = modules }
  }
}

extension GetSettings: RPC {
  static let method = Helium_Manage_V1_SettingsService.Method.GetSettings.descriptor

  init(_ request: Helium_Manage_V1_GetSettingsRequest, by _: Admin) {
    self.init(module: request.module)
  }

  static func response(_ settings: SettingsDocument) -> Helium_Manage_V1_GetSettingsResponse {
    .with {
      $0.document = String(decoding: settings.document, as: UTF8.self)
      $0.version = settings.version
    }
  }
}

extension UpdateSettings: RPC {
  static let method = Helium_Manage_V1_SettingsService.Method.UpdateSettings.descriptor

  init(_ request: Helium_Manage_V1_UpdateSettingsRequest, by _: Admin) throws {
    try self.init(
      module: request.module,
      document: Array(request.document.utf8),
      version: request.version
    )
  }

  static func response(_ version: Int64) -> Helium_Manage_V1_UpdateSettingsResponse {
    .with { $0.version = version }
  }
}

extension ListSettingsVersions: RPC {
  static let method = Helium_Manage_V1_SettingsService.Method.ListSettingsVersions.descriptor

  init(_ request: Helium_Manage_V1_ListSettingsVersionsRequest, by _: Admin) throws {
    self.init(
      module: request.module,
      page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
  }

  static func response(
    _ versions: Page<SettingsDocument>
  ) -> Helium_Manage_V1_ListSettingsVersionsResponse {
    .with {
      $0.versions = versions.items.map(Helium_Manage_V1_SettingsVersion.init)
      $0.nextPageToken = versions.nextToken
    }
  }
}

extension Helium_Manage_V1_SettingsVersion {
  init(_ document: SettingsDocument) {
    self.init()
    version = document.version
    self.document = String(decoding: document.document, as: UTF8.self)
    if let at = document.changedAt { changeTime = Google_Protobuf_Timestamp(at) }
    adminID = document.changedBy?.description ?? ""
  }
}
