import Contracts
package import GRPCCore
package import Platform
import RPCEdge
import SwiftProtobuf
package import TelecomProtos
import WireValues

extension CreatePackageSeries: RPC {
  package static let method = Helium_Telecom_V1_PackageAdminService.Method.CreatePackageSeries
    .descriptor

  package init(_ request: Helium_Telecom_V1_CreatePackageSeriesRequest, by _: Admin) throws {
    self.init(spec: try reading("spec") { try Package.Spec(request.spec) })
  }

  package static func response(_ created: Package) -> Helium_Telecom_V1_CreatePackageSeriesResponse
  {
    .with { $0.package = .init(created) }
  }
}

extension CreatePackageVersion: RPC {
  static let method = Helium_Telecom_V1_PackageAdminService.Method.CreatePackageVersion.descriptor

  init(_ request: Helium_Telecom_V1_CreatePackageVersionRequest, by _: Admin) throws {
    self.init(
      series: try PackageSeries.ID(request.seriesID, field: "series_id"),
      spec: try reading("spec") { try Package.Spec(request.spec) }
    )
  }

  static func response(_ created: Package) -> Helium_Telecom_V1_CreatePackageVersionResponse {
    .with { $0.package = .init(created) }
  }
}

extension ListPackageSeries: RPC {
  static let method = Helium_Telecom_V1_PackageAdminService.Method.ListPackageSeries.descriptor

  init(_ request: Helium_Telecom_V1_ListPackageSeriesRequest, by _: Admin) throws {
    self.init(page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken))
  }

  static func response(_ packages: Page<Package>) -> Helium_Telecom_V1_ListPackageSeriesResponse {
    .with {
      $0.packages = packages.items.map(Helium_Telecom_V1_Package.init)
      $0.nextPageToken = packages.nextToken
    }
  }
}

extension ListPackageVersions: RPC {
  static let method = Helium_Telecom_V1_PackageAdminService.Method.ListPackageVersions.descriptor

  init(_ request: Helium_Telecom_V1_ListPackageVersionsRequest, by _: Admin) throws {
    self.init(
      series: try PackageSeries.ID(request.seriesID, field: "series_id"),
      page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
  }

  static func response(_ packages: Page<Package>) -> Helium_Telecom_V1_ListPackageVersionsResponse {
    .with {
      $0.packages = packages.items.map(Helium_Telecom_V1_Package.init)
      $0.nextPageToken = packages.nextToken
    }
  }
}
