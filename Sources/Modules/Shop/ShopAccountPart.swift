import Contracts
import Manifest
import Platform

/// What the shop keeps of an account: its wallet with the ledger, and its orders.
struct ShopAccountPart: AccountPart {
  let shop: Shop

  func facts(of account: Account.ID, in database: DatabaseProcessor) async throws -> [AccountFact] {
    let wallet = try await FindWallet(account: account).perform(in: bound(to: database))
    let orders = try await orders(of: account, in: database)
    let available = wallet.map { "\($0.available.minorUnits) \($0.available.currency.code)" }
    return [
      AccountFact("shop.wallet", available ?? "none"),
      AccountFact("shop.orders", "\(orders.count)"),
      AccountFact("shop.unpaid_orders", "\(orders.count { $0.status == .unpaid })"),
    ]
  }

  func export(_ account: Account.ID, in database: DatabaseProcessor) async throws -> [UInt8] {
    let wallet = try await FindWallet(account: account).perform(in: bound(to: database))
    let entries = try await allPages { page in
      try await ListWalletEntries(account: account, page: page).perform(in: bound(to: database))
    }
    return try JSON.encode(
      Document(
        wallet: wallet.map { .init($0.available) },
        ledger: entries.map(Document.Entry.init),
        orders: try await orders(of: account, in: database).map(Document.Order.init)
      )
    )
  }

  /// Orders and the ledger are the books: they stay, and name an account that is nobody any more.
  func erase(_ account: Account.ID, in transaction: Transaction) async throws {}

  private func bound(to database: DatabaseProcessor) -> Shop {
    var shop = shop
    shop.database = database
    return shop
  }

  private func orders(
    of account: Account.ID,
    in database: DatabaseProcessor
  ) async throws -> [CustomerOrder] {
    try await allPages { page in
      try await ListOrders(account: account, page: page).perform(in: bound(to: database))
    }
  }

  private func allPages<Item: Sendable>(
    _ read: (PageRequest) async throws -> Page<Item>
  ) async throws -> [Item] {
    var items: [Item] = []
    var token = ""
    repeat {
      let page = try await read(try PageRequest(size: PageRequest.largestSize, token: token))
      items += page.items
      token = page.nextToken
    } while !token.isEmpty
    return items
  }
}

/// The shop's part of an export, in JSON.
private struct Document: Encodable {
  let wallet: Amount?
  let ledger: [Entry]
  let orders: [Order]

  struct Amount: Encodable {
    let currency: String
    let minorUnits: Int64

    init(_ money: Money) {
      currency = money.currency.code
      minorUnits = money.minorUnits
    }

    enum CodingKeys: String, CodingKey {
      case currency
      case minorUnits = "minor_units"
    }
  }

  struct Entry: Encodable {
    let time: String
    let kind: String
    let amount: Amount
    let reason: String

    init(_ entry: WalletEntry) {
      time = entry.createdAt.iso8601
      kind = entry.kind.rawValue
      amount = Amount(entry.amount)
      reason = entry.reason
    }
  }

  struct Order: Encodable {
    let id: String
    let title: String
    let price: Amount
    let status: String
    let created: String

    init(_ order: CustomerOrder) {
      id = order.id.description
      title = order.title
      price = Amount(order.price)
      status = order.status.rawValue
      created = order.createdAt.iso8601
    }
  }
}
