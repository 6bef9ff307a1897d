package import Contracts
package import Platform

extension Telecom: PackageCatalog {
  package func deliverable(_ series: [PackageSeries.ID], in database: DatabaseProcessor) async throws -> Set<PackageSeries.ID> {
    Set(try await database.process(MastersOfSeries(seriesIds: series)).map(\.series))
  }
}
