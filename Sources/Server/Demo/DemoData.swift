import Auth
import Contracts
import FoundationEssentials
import Manage
import Manifest
import Platform
import Shop
import Telecom

/// Realistic data to try Helium with. Existing data stays as it is.
struct DemoData: Sendable {
  let modules: Modules
  let database: DatabaseProcessor
  let clock: WallClock
  let secrets: DemoSecrets

  init(_ resources: Resources, _ modules: Modules) {
    self.modules = modules
    database = resources.database
    clock = resources.clock
    secrets = DemoSecrets(resources.configuration.masterKey)
  }

  static let email = "anna@demo.test"
  /// Few enough that a transaction stays short, many enough that statements don't count.
  private static let batch = 10_000
  /// How long ago the oldest customer registered.
  private static let age = Duration.seconds(400 * 86_400)

  /// Makes what is missing: an operator, nodes, packages and products, a customer with a paid
  /// order, and `accounts` more customers.
  ///
  /// Throws `ForeignCustomers` for a database that holds customers and no demo data, unless forced.
  func seed(accounts: Int, force: Bool) async throws -> DemoInstallation {
    let counts = try await modules[Auth.self].process(CountDemoData(email: Self.email))
    if counts.others > 0, !counts.hasDemo, !force { throw ForeignCustomers(count: counts.others) }
    let secrets = secrets
    try await modules[Manage.self].process(SeedDemoOperator(apiKey: secrets.apiKey))
    let verifier = try modules.ports.take(AdminVerifier.self)
    let admin = try await verifier(
      try await modules[Manage.self].process(LogInAdmin(apiKey: secrets.apiKey)).text
    )
    let network = try await modules[Telecom.self].process(
      SeedDemoNetwork(by: admin) { secrets.nodeToken($0) }
    )
    guard let largest = network.series.last else { throw NotFound("package") }
    let customer = try await modules[Auth.self].process(
      SeedDemoCustomer(email: Self.email, password: secrets.password)
    )
    _ = try await modules[Telecom.self].process(
      SeedDemoSubscription(account: customer, order: nil, series: largest, by: admin)
    )
    let order = try await modules[Shop.self].process(
      SeedDemoOrder(account: customer, series: network.series, by: admin)
    )
    let subscription = try await modules[Telecom.self].process(
      SeedDemoSubscription(account: customer, order: order, series: largest, by: admin)
    )
    try await addCustomers(
      counts.demo..<max(counts.demo, accounts),
      series: network.series,
      sharingPasswordOf: customer
    )
    return DemoInstallation(
      admin: .init(apiKey: secrets.apiKey),
      customer: .init(
        email: Self.email,
        password: secrets.password,
        linkToken: subscription.linkToken.text,
        nodeUserID: subscription.nodeUserID
      ),
      nodes: network.nodes.map { .init(id: $0.id, type: $0.type, token: $0.token) },
      accounts: max(counts.demo, accounts) + 1
    )
  }

  /// Customers with these numbers, counted from 0. A batch of them is whole or not there.
  private func addCustomers(
    _ numbers: Range<Int>,
    series: [PackageSeries.ID],
    sharingPasswordOf model: Account.ID
  ) async throws {
    for first in stride(from: numbers.lowerBound, to: numbers.upperBound, by: Self.batch) {
      let some = first..<min(first + Self.batch, numbers.upperBound)
      let createdAt = some.map {
        clock.now - Self.age * (Double(numbers.upperBound - $0) / Double(numbers.upperBound))
      }
      let ids = createdAt.map(Self.account(madeAt:))
      // Six of ten have the smallest package, three the next, and one the largest.
      let choices = some.map { [0, 0, 0, 0, 0, 0, 1, 1, 1, 2][$0 % 10] }
      // Every tenth has paid with a wallet; the others were given their package.
      let buyers = some.count / 10
      try await database.transaction { transaction in
        try await modules[Auth.self].in(transaction).process(
          SeedDemoAccounts(
            ids,
            createdAt: createdAt,
            numberedFrom: first + 1,
            sharingPasswordOf: model
          )
        )
        let orders = try await modules[Shop.self].in(transaction).process(
          SeedDemoOrders(
            of: Array(ids.prefix(buyers)),
            createdAt: Array(createdAt.prefix(buyers)),
            choices: Array(choices.prefix(buyers)),
            series: series
          )
        )
        try await modules[Telecom.self].in(transaction).process(
          SeedDemoSubscriptions(of: ids, createdAt: createdAt, choices: choices, orders: orders)
        )
      }
    }
  }

  private static func account(madeAt instant: Instant) -> Account.ID {
    var generator = SystemRandomNumberGenerator()
    return Account.ID(UUID.version7(at: instant, using: &generator))
  }
}

/// The database holds customers that are no demo data.
struct ForeignCustomers: Error, CustomStringConvertible {
  let count: Int

  var description: String {
    "the database holds \(count) customers and no demo data: choose another DATABASE_URL, or add the demo data anyway with --force"
  }
}
