package import Platform

/// What other modules may ask about packages and their delivery. Telecom answers; Server wires it
/// in.
package protocol PackageCatalog: Sendable {
  /// Those of `series` that have a package to deliver.
  func deliverable(_ series: [PackageSeries.ID], in database: DatabaseProcessor) async throws
    -> Set<PackageSeries.ID>

  /// Whether packages that `account` buys can be delivered to `subscription`: it is the account's
  /// own.
  func canDeliver(
    to subscription: Subscription.ID,
    of account: Account.ID,
    in database: DatabaseProcessor
  ) async throws -> Bool
}
