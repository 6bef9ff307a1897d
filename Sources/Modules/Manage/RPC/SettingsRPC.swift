import GRPCCore
import ManageProtos
import Platform
import SwiftProtobuf
import WireValues

/// Serves `helium.manage.v1.SettingsService`.
struct SettingsRPC: Helium_Manage_V1_SettingsService.SimpleServiceProtocol {
  let manage: Manage

  func listSettings(
    request: Helium_Manage_V1_ListSettingsRequest,
    context: ServerContext
  ) async throws -> Helium_Manage_V1_ListSettingsResponse {
    let modules = try await manage.process(ListSettings(), as: Caller.admin())
    return .with { $0.modules = modules }
  }

  func getSettings(
    request: Helium_Manage_V1_GetSettingsRequest,
    context: ServerContext
  ) async throws -> Helium_Manage_V1_GetSettingsResponse {
    let settings = try await manage.process(
      GetSettings(module: manage.settingsModule(request.module)),
      as: Caller.admin()
    )
    return .with {
      $0.document = String(decoding: settings.document, as: UTF8.self)
      $0.version = settings.version
    }
  }

  func updateSettings(
    request: Helium_Manage_V1_UpdateSettingsRequest,
    context: ServerContext
  ) async throws -> Helium_Manage_V1_UpdateSettingsResponse {
    let change = try UpdateSettings(
      module: manage.settingsModule(request.module),
      document: Array(request.document.utf8),
      version: request.version
    )
    let version = try await manage.process(change, as: Caller.admin())
    await manage.settings.announce()
    return .with { $0.version = version }
  }

  func listSettingsVersions(
    request: Helium_Manage_V1_ListSettingsVersionsRequest,
    context: ServerContext
  ) async throws -> Helium_Manage_V1_ListSettingsVersionsResponse {
    let page = try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    let list = ListSettingsVersions(module: try manage.settingsModule(request.module), page: page)
    let versions = try await manage.process(list, as: Caller.admin())
    return .with {
      $0.versions = versions.items.map(Helium_Manage_V1_SettingsVersion.init)
      $0.nextPageToken = versions.nextToken
    }
  }
}

extension Manage {
  /// The module that a request names, or what it could have named.
  fileprivate func settingsModule(_ name: String) throws(InvalidInput) -> String {
    guard settings.modules.contains(name) else {
      throw InvalidInput("module", "must be one of \(settings.modules.joined(separator: ", "))")
    }
    return name
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
