import Contracts
import Platform

/// Makes the next version of a series: from now on it is what the series delivers.
struct CreatePackageVersion: AdminOperation {
  static let permission = Permission("telecom.package.create", .moderators)
  static let repeats = Repeats.firstAnswer

  let series: PackageSeries.ID
  let spec: Package.Spec

  var target: AuditTarget { AuditTarget("package_series", series.description) }

  func perform(
    in telecom: InTransaction<Telecom>,
    as admin: Authorized<Self>
  ) async throws -> Package {
    guard try await telecom.process(Package.LockSeries(series: series)) != nil,
      let version = try await telecom.process(Package.FindMasterVersion(series: series))
    else { throw NotFound("packageSeries") }
    try await telecom.process(Package.RetireMaster(series: series))
    return try await telecom.insertMaster(spec, series: series, version: version + 1)
  }
}
