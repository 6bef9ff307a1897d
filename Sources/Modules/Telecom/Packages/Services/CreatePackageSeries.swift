import Contracts
package import Platform

/// Makes the first version of a new series of packages.
package struct CreatePackageSeries: AdminOperation {
  package static let permission = Permission("telecom.package.create", .moderators)
  package static let repeats = Repeats.firstAnswer

  let spec: Package.Spec

  package init(spec: Package.Spec) {
    self.spec = spec
  }

  package var target: AuditTarget { AuditTarget("package_series", spec.name) }

  package func perform(
    in telecom: InTransaction<Telecom>,
    as admin: Authorized<Self>
  ) async throws -> Package {
    try await telecom.insertMaster(spec, series: telecom.ids.next(), version: 1)
  }
}

extension InTransaction<Telecom> {
  /// Makes the package that `series` delivers from now on.
  func insertMaster(
    _ spec: Package.Spec,
    series: PackageSeries.ID,
    version: Int32
  ) async throws -> Package {
    try await requireNodeGroups([spec.group], field: "spec.group_id")
    let package = Package(
      id: module.ids.next(),
      series: series,
      version: version,
      spec: spec,
      createdAt: module.clock.now
    )
    try await process(
      Package.Insert(
        id: package.id,
        series: series,
        version: version,
        name: spec.name,
        quotaBytes: spec.quotaBytes,
        durationSeconds: spec.durationSeconds,
        resetRule: spec.resetRule,
        deviceLimit: spec.deviceLimit,
        hwidLimit: spec.hwidLimit,
        speedLimit: spec.speedLimit,
        groupID: spec.group,
        createdAt: package.createdAt
      )
    )
    return package
  }
}
