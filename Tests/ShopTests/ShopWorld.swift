import Contracts
import Crypto
import Manifest
import Platform
import WorldKit

@testable import Shop

/// A shop with one account and one series of packages.
struct ShopWorld: Sendable {
  let world: World
  let shop: Shop
  let audit = RecordingAuditLog()
  let account: Account.ID
  let series: PackageSeries.ID
  let subscription: Subscription.ID

  init(_ world: World, settings: ShopSettings = ShopSettings()) {
    self.world = world
    account = world.ids.next()
    series = world.ids.next()
    subscription = world.ids.next()
    shop = Shop(
      database: world.database,
      gate: world.gate(of: Shop.operations, audit: audit),
      clock: world.clock.clock,
      ids: world.ids,
      catalog: OneSeries(series: series, subscription: subscription, account: account),
      accounts: EveryAccount(),
      settings: Settings(fixed: settings),
      codeKey: SymmetricKey(data: [UInt8](repeating: 7, count: 32))
    )
  }

  func product(
    price: Int64 = 10_00,
    stock: Int? = nil,
    perAccountLimit: Int? = nil,
    isOnSale: Bool = true
  ) async throws -> Product {
    let terms = Product.Terms(
      title: "Monthly",
      description: "",
      price: Money(minorUnits: price, .eur),
      packages: [PurchasedPackage(series: series, amount: 2)],
      stock: stock,
      perAccountLimit: perAccountLimit,
      isOnSale: isOnSale,
      isPrivate: false,
      sortOrder: 0
    )
    return try await shop.process(CreateProduct(terms: terms), as: world.admin())
  }

  func order(_ product: Product) async throws -> CustomerOrder {
    try await shop.process(
      CreateOrder(account: account, product: product.id, subscription: nil)
    )
  }

  func deposit(_ minorUnits: Int64, _ currency: Currency = .eur) async throws {
    _ = try await shop.process(
      DepositToWallet(
        account: account,
        amount: Money(minorUnits: minorUnits, currency),
        reason: "test"
      ),
      as: world.admin()
    )
  }

  func pay(_ order: CustomerOrder) async throws -> CustomerOrder {
    try await shop.process(PayOrder(id: order.id, account: account))
  }

  func available() async throws -> Int64? {
    try await shop.process(FindWallet(account: account))?.available.minorUnits
  }
}

func withShop<R: Sendable>(
  settings: ShopSettings = ShopSettings(),
  _ body: (ShopWorld) async throws -> R
) async throws -> R {
  try await withWorld { world in
    let shop = ShopWorld(world, settings: settings)
    let result = try await body(shop)
    let unbalanced = try await shop.shop.process(Wallet.FindUnbalanced())
    guard unbalanced.isEmpty else { throw LedgerDisagrees(accounts: unbalanced) }
    return result
  }
}

/// The sum of a ledger is not its wallet's balance.
struct LedgerDisagrees: Error {
  let accounts: [Account.ID]
}

private struct OneSeries: PackageCatalog {
  let series: PackageSeries.ID
  let subscription: Subscription.ID
  let account: Account.ID

  func deliverable(_ series: [PackageSeries.ID], in database: DatabaseProcessor) async throws
    -> Set<PackageSeries.ID>
  {
    Set(series.filter { $0 == self.series })
  }

  func canDeliver(
    to subscription: Subscription.ID,
    of account: Account.ID,
    in database: DatabaseProcessor
  ) async throws -> Bool {
    subscription == self.subscription && account == self.account
  }
}

private struct EveryAccount: AccountDirectory {
  func standing(of account: Account.ID, in database: DatabaseProcessor) async throws
    -> AccountStanding?
  {
    AccountStanding(isBanned: false)
  }

  func email(of account: Account.ID, in database: DatabaseProcessor) async throws -> String? {
    "\(account)@example.org"
  }
}
