/// Whose database this is.
enum Installation {}

extension DatabaseProcessor {
  /// Makes sure that this database belongs to `tenant`. A new database is assigned to it.
  package func claimInstallation(for tenant: String, at instant: Instant) async throws {
    try await process(Installation.Claim(tenantID: tenant, createdAt: instant))
    let owner = try await process(Installation.FindTenant())
    guard owner == tenant else {
      throw ForeignInstallation(tenant: tenant, owner: owner ?? "nobody")
    }
  }

  /// Whether migrations have run.
  package func isMigrated() async throws -> Bool {
    try await process(Installation.HasTable())
  }

  /// One round trip, for readiness checks.
  package func ping() async throws {
    _ = try await process(Installation.Ping())
  }
}

/// The database belongs to another tenant than the worker was started for.
package struct ForeignInstallation: Error, CustomStringConvertible {
  package let tenant: String
  package let owner: String

  package var description: String {
    "the database belongs to tenant \(owner), not \(tenant): set TENANT_ID to \(owner) or DATABASE_URL to another database"
  }
}
