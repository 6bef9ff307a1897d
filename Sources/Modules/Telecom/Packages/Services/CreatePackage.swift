import Contracts
package import Platform

/// Makes the first version of a new series of packages.
package struct CreatePackageSeries: AdminOperation {
  package static let permission = Permission("telecom.package.create")

  let spec: Package.Spec

  package init(spec: Package.Spec) {
    self.spec = spec
  }

  package var target: AuditTarget { AuditTarget("package_series", spec.name) }

  package func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> Package {
    let key = try idempotencyKey(of: admin)
    return try await telecom.transaction { telecom, transaction in
      try await transaction.idempotently(key, request: spec, at: telecom.clock.now) {
        try await transaction.insertMaster(
          spec,
          series: telecom.ids.next(),
          version: 1,
          in: telecom
        )
      }
    }
  }
}

/// Makes the next version of a series: from now on it is what the series delivers.
struct CreatePackageVersion: AdminOperation {
  static let permission = Permission("telecom.package.create")

  let series: PackageSeries.ID
  let spec: Package.Spec

  var target: AuditTarget { AuditTarget("package_series", series.description) }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> Package {
    let key = try idempotencyKey(of: admin)
    return try await telecom.transaction { telecom, transaction in
      try await transaction.idempotently(
        key,
        request: Request(series: series, spec: spec),
        at: telecom.clock.now
      ) {
        guard try await transaction.process(Package.LockSeries(series: series)) != nil,
          let version = try await transaction.process(Package.FindMasterVersion(series: series))
        else { throw NotFound("packageSeries") }
        try await transaction.process(Package.RetireMaster(series: series))
        return try await transaction.insertMaster(
          spec,
          series: series,
          version: version + 1,
          in: telecom
        )
      }
    }
  }

  private struct Request: Encodable {
    let series: PackageSeries.ID
    let spec: Package.Spec
  }
}

/// Each series by its newest version, the oldest series first.
struct ListPackageSeries: AdminOperation {
  static let permission = Permission("telecom.package.list")

  let page: PageRequest

  var target: AuditTarget { AuditTarget("package_series", "") }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> Page<Package> {
    let rows = try await telecom.database.process(
      Package.ListMasters(after: try page.cursor() ?? .first, rowLimit: Int32(page.size + 1))
    )
    return try Page(rows.map(Package.init), page) { $0.series }
  }
}

/// The versions of a series, the newest first.
struct ListPackageVersions: AdminOperation {
  static let permission = Permission("telecom.package.list")

  let series: PackageSeries.ID
  let page: PageRequest

  var target: AuditTarget { AuditTarget("package_series", series.description) }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> Page<Package> {
    let rows = try await telecom.database.process(
      Package.ListVersions(
        series: series,
        beforeVersion: try page.cursor() ?? Int32.max,
        rowLimit: Int32(page.size + 1)
      )
    )
    return try Page(rows.map(Package.init), page) { $0.version }
  }
}

extension Transaction {
  fileprivate func insertMaster(
    _ spec: Package.Spec,
    series: PackageSeries.ID,
    version: Int32,
    in telecom: Telecom
  ) async throws -> Package {
    try await requireNodeGroups([spec.group], field: "spec.group_id")
    let package = Package(
      id: telecom.ids.next(),
      series: series,
      version: version,
      spec: spec,
      createdAt: telecom.clock.now
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
