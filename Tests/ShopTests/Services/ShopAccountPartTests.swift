import Foundation
import Manifest
import Platform
import Testing
import WorldKit

@testable import Shop

@Suite struct ShopAccountPartTests {
  @Test func `an account without a wallet has no facts but zeros`() async throws {
    try await withShop { shop async throws in
      let part = try #require(shop.shop.accountPart)
      let facts = try await part.facts(of: shop.account, in: shop.world.database)
      #expect(
        facts == [
          AccountFact("shop.wallet", "none"), AccountFact("shop.orders", "0"),
          AccountFact("shop.unpaid_orders", "0"),
        ]
      )
    }
  }

  @Test func `facts and the export tell the wallet, its ledger and every order`() async throws {
    try await withShop { shop async throws in
      try await shop.deposit(50_00)
      let product = try await shop.product(price: 10_00)
      _ = try await shop.pay(try await shop.order(product))
      _ = try await shop.order(product)
      let part = try #require(shop.shop.accountPart)
      let facts = try await part.facts(of: shop.account, in: shop.world.database)
      #expect(
        facts == [
          AccountFact("shop.wallet", "4000 minor units of EUR"),
          AccountFact("shop.orders", "2"),
          AccountFact("shop.unpaid_orders", "1"),
        ]
      )
      let bytes = try await part.export(shop.account, in: shop.world.database)
      let document = try #require(
        try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
      )
      let ledger = try #require(document["ledger"] as? [[String: Any]])
      #expect(Set(ledger.map { $0["kind"] as? String }) == ["order_payment", "deposit"])
      #expect(ledger.allSatisfy { $0["create_time"] as? String == "2026-01-15T12:00:00Z" })
      let wallet = try #require(document["wallet"] as? [String: [String: Any]])
      #expect(wallet["available"]?["minor_units"] as? Int == 40_00)
      #expect(wallet["frozen"]?["minor_units"] as? Int == 0)
      #expect(wallet["frozen"]?["currency"] as? String == "EUR")
      let orders = try #require(document["orders"] as? [[String: Any]])
      #expect(orders.allSatisfy { $0["product_id"] as? String == product.id.description })
      #expect(Set(orders.map { $0["status"] as? String }) == ["unpaid", "paid"])
      let paid = try #require(orders.first { $0["status"] as? String == "paid" })
      #expect(paid["pay_time"] as? String == "2026-01-15T12:00:00Z")
      #expect(paid["deliver_time"] == nil && paid["cancel_time"] == nil)
    }
  }

  @Test func `the export says when an order was delivered or cancelled`() async throws {
    try await withShop { shop async throws in
      try await shop.deposit(50_00)
      let product = try await shop.product(price: 10_00)
      let delivered = try await shop.pay(try await shop.order(product))
      _ = try await shop.shop.process(
        CustomerOrder.MarkDelivered(deliveredAt: World.noon + .seconds(1), id: delivered.id)
      )
      let cancelled = try await shop.order(product)
      shop.world.clock.advance(by: .seconds(2))
      _ = try await shop.shop.process(CancelOwnOrder(id: cancelled.id, account: shop.account))
      let part = try #require(shop.shop.accountPart)
      let bytes = try await part.export(shop.account, in: shop.world.database)
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(text.contains(#""deliver_time":"2026-01-15T12:00:01Z""#))
      #expect(text.contains(#""cancel_time":"2026-01-15T12:00:02Z""#))
    }
  }

  @Test func `an account that is erased leaves its books`() async throws {
    try await withShop { shop async throws in
      try await shop.deposit(50_00)
      let part = try #require(shop.shop.accountPart)
      try await shop.world.database.transaction { transaction in
        try await part.erase(shop.account, in: transaction)
      }
      #expect(try await shop.world.number("SELECT count(*) FROM shop.wallet_entries") == 1)
    }
  }
}
