import Contracts
import GRPCCore
import Platform
import SwiftProtobuf
import TelecomProtos
import WireValues

/// Serves `helium.telecom.v1.PackageAdminService`.
struct PackageAdminRPC: Helium_Telecom_V1_PackageAdminService.SimpleServiceProtocol {
  let telecom: Telecom

  func createPackageSeries(
    request: Helium_Telecom_V1_CreatePackageSeriesRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_CreatePackageSeriesResponse {
    let spec = try reading("spec") { try Package.Spec(request.spec) }
    let package = try await telecom.process(CreatePackageSeries(spec: spec), as: Caller.admin())
    return .with { $0.package = Helium_Telecom_V1_Package(package) }
  }

  func createPackageVersion(
    request: Helium_Telecom_V1_CreatePackageVersionRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_CreatePackageVersionResponse {
    let series = try PackageSeries.ID(request.seriesID, field: "series_id")
    let spec = try reading("spec") { try Package.Spec(request.spec) }
    let package = try await telecom.process(
      CreatePackageVersion(series: series, spec: spec),
      as: Caller.admin()
    )
    return .with { $0.package = Helium_Telecom_V1_Package(package) }
  }

  func listPackageSeries(
    request: Helium_Telecom_V1_ListPackageSeriesRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_ListPackageSeriesResponse {
    let page = try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    let packages = try await telecom.process(ListPackageSeries(page: page), as: Caller.admin())
    return .with {
      $0.packages = packages.items.map(Helium_Telecom_V1_Package.init)
      $0.nextPageToken = packages.nextToken
    }
  }

  func listPackageVersions(
    request: Helium_Telecom_V1_ListPackageVersionsRequest,
    context: ServerContext
  ) async throws -> Helium_Telecom_V1_ListPackageVersionsResponse {
    let series = try PackageSeries.ID(request.seriesID, field: "series_id")
    let page = try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    let packages = try await telecom.process(
      ListPackageVersions(series: series, page: page),
      as: Caller.admin()
    )
    return .with {
      $0.packages = packages.items.map(Helium_Telecom_V1_Package.init)
      $0.nextPageToken = packages.nextToken
    }
  }
}
