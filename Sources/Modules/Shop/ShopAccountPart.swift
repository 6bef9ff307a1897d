import Contracts
import Manifest
import Platform

/// What the shop keeps of an account: its wallet with the ledger, and its orders.
struct ShopAccountPart: AccountPart {
  let shop: Shop

  func facts(of account: Account.ID, in database: DatabaseProcessor) async throws -> [AccountFact] {
    let shop = bound(to: database)
    let wallet = try await shop.process(FindWallet(account: account))
    let orders = try await shop.process(CustomerOrder.CountAll(accountID: account))
    return [
      AccountFact("shop.wallet", wallet.map { Self.text(of: $0.available) } ?? "none"),
      AccountFact("shop.orders", "\(orders.total)"),
      AccountFact("shop.unpaid_orders", "\(orders.unpaid)"),
    ]
  }

  /// In minor units, because how many of them make a unit depends on the currency.
  private static func text(of money: Money) -> String {
    "\(money.minorUnits) minor units of \(money.currency.code)"
  }

  func export(_ account: Account.ID, in database: DatabaseProcessor) async throws -> [UInt8] {
    let shop = bound(to: database)
    let wallet = try await shop.process(FindWallet(account: account))
    let entries = try await allPages { page in
      try await shop.process(ListWalletEntries(account: account, page: page))
    }
    let orders = try await allPages { page in
      try await shop.process(ListOrders(account: account, page: page))
    }
    return try AccountDocument.encode(
      Document(
        wallet: wallet.map(Document.Balance.init),
        ledger: entries.map(Document.Entry.init),
        orders: orders.map(Document.Order.init)
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

/// The shop's part of an export. Times are in UTC, as ISO 8601 spells them.
private struct Document: Encodable {
  let wallet: Balance?
  let ledger: [Entry]
  let orders: [Order]

  struct Amount: Encodable {
    let currency: String
    let minorUnits: Int64

    init(_ money: Money) {
      currency = money.currency.code
      minorUnits = money.minorUnits
    }
  }

  struct Balance: Encodable {
    let available: Amount
    let frozen: Amount

    init(_ wallet: Wallet) {
      available = Amount(wallet.available)
      frozen = Amount(wallet.frozen)
    }
  }

  struct Entry: Encodable {
    let createTime: String
    let kind: String
    let amount: Amount
    let reason: String

    init(_ entry: WalletEntry) {
      createTime = entry.createdAt.iso8601
      kind = entry.kind.rawValue
      amount = Amount(entry.amount)
      reason = entry.reason
    }
  }

  struct Order: Encodable {
    let id: String
    let productID: String
    let title: String
    let price: Amount
    let status: String
    let createTime: String
    let payTime: String?
    let deliverTime: String?
    let cancelTime: String?

    init(_ order: CustomerOrder) {
      id = order.id.description
      productID = order.product.description
      title = order.title
      price = Amount(order.price)
      status = order.status.rawValue
      createTime = order.createdAt.iso8601
      payTime = order.paidAt?.iso8601
      deliverTime = order.deliveredAt?.iso8601
      cancelTime = order.cancelledAt?.iso8601
    }
  }
}
