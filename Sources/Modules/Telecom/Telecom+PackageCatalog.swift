package import Contracts
package import Platform

extension Telecom: PackageCatalog {
  package func deliverable(
    _ series: [PackageSeries.ID],
    in database: DatabaseProcessor
  ) async throws -> Set<PackageSeries.ID> {
    Set(try await database.process(Package.FindMasters(seriesIDs: series)).map(\.series))
  }

  package func canDeliver(
    to subscription: Subscription.ID,
    of account: Account.ID,
    in database: DatabaseProcessor
  ) async throws -> Bool {
    try await database.process(Subscription.Find(id: subscription))?.accountID == account
  }
}
