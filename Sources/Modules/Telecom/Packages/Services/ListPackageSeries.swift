import Contracts
import Platform

/// Each series by its newest version, the oldest series first.
struct ListPackageSeries: AdminOperation {
  static let permission = Permission("telecom.package.list", .support)

  let page: PageRequest

  var target: AuditTarget { AuditTarget("package_series", "") }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> Page<Package> {
    let rows = try await telecom.process(
      Package.ListMasters(after: try page.cursor() ?? .first, rowLimit: Int32(page.size + 1))
    )
    return try Page(rows.map(Package.init), page) { $0.series }
  }
}
