import Contracts
import Platform

/// The versions of a series, the newest first.
struct ListPackageVersions: AdminOperation {
  static let permission = Permission("telecom.package.list", .support)

  let series: PackageSeries.ID
  let page: PageRequest

  var target: AuditTarget { AuditTarget("package_series", series.description) }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> Page<Package> {
    let rows = try await telecom.process(
      Package.ListVersions(
        series: series,
        beforeVersion: try page.cursor() ?? Int32.max,
        rowLimit: Int32(page.size + 1)
      )
    )
    return try Page(rows.map(Package.init), page) { $0.version }
  }
}
