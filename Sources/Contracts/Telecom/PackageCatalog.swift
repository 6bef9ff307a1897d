package import Platform

/// What other modules may ask about packages. Telecom answers; Server wires it in.
package protocol PackageCatalog: Sendable {
  /// Those of `series` that have a package to deliver.
  func deliverable(_ series: [PackageSeries.ID], in database: DatabaseProcessor) async throws -> Set<PackageSeries.ID>
}
