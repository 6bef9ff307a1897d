import CommonProtos
import FieldViolations
import GRPCCore
import Platform
import ShopProtos
import SwiftProtobuf
import Testing
import WorldKit

@testable import Shop

/// Each request with each field that can be wrong: the answer names that field.
@Suite struct RequestTests {
  private static let id = "0198c0de-0000-7000-8000-000000000001"
  private static let money = Helium_Common_V1_Money.with {
    $0.currencyCode = "EUR"
    $0.minorUnits = 1
  }
  private static let terms = Helium_Shop_V1_ProductTerms.with {
    $0.title = "Monthly"
    $0.price = money
    $0.packages = [
      .with {
        $0.seriesID = id
        $0.amount = 1
      }
    ]
  }

  private static func terms(_ change: (inout Helium_Shop_V1_ProductTerms) -> Void)
    -> Helium_Shop_V1_CreateProductRequest
  {
    .with {
      $0.terms = terms
      change(&$0.terms)
    }
  }

  @Test func `a customer's request names the field that is wrong`() async throws {
    try await withShop { shop async throws in
      try await shop.asCustomer {
        await expect(["product_id"]) {
          _ = try await shop.answer(CreateOrder.self, .init())
        }
        await expect(["product_id"]) {
          _ = try await shop.answer(CreateOrder.self, .with { $0.productID = "7" })
        }
        await expect(["subscription_id"]) {
          let request = Helium_Shop_V1_CreateOrderRequest.with {
            $0.productID = Self.id
            $0.subscriptionID = "x"
          }
          _ = try await shop.answer(CreateOrder.self, request)
        }
        await expect(["id"]) { _ = try await shop.answer(PayOrder.self, .init()) }
        await expect(["id"]) {
          _ = try await shop.answer(CancelOwnOrder.self, .init())
        }
        await expect(["id"]) { _ = try await shop.answer(FindOrderOfAccount.self, .init()) }
        await expect(["page_size"]) {
          _ = try await shop.answer(ListOrders.self, .with { $0.pageSize = -1 })
        }
        await expect(["page_token"]) {
          _ = try await shop.answer(ListOrders.self, .with { $0.pageToken = "?" })
        }
        for code in ["", "ABCD-EFGH-2345-678", "ABCD-EFGH-2345-6789-A", "ABCD-EFGH-2345-678é"] {
          await expect(["code"]) {
            _ = try await shop.answer(RedeemGiftCard.self, .with { $0.code = code })
          }
        }
        await expect(["id"]) {
          _ = try await shop.answer(FindProductOnSale.self, .init())
        }
        await expect(["page_token"]) {
          _ = try await shop.answer(ListProducts.self, .with { $0.pageToken = "?" })
        }
        await expect(["page_token"]) {
          _ = try await shop.answer(ListWalletEntries.self, .with { $0.pageToken = "?" })
        }
      }
    }
  }

  @Test func `a product's terms name the field that is wrong`() async throws {
    let wrong: [(String, Helium_Shop_V1_CreateProductRequest)] = [
      ("terms.title", Self.terms { $0.title = "" }),
      ("terms.title", Self.terms { $0.title = "  " }),
      ("terms.title", Self.terms { $0.title = "two\nlines" }),
      ("terms.title", Self.terms { $0.title = "null\0" }),
      ("terms.title", Self.terms { $0.title = String(repeating: "x", count: 201) }),
      (
        "terms.description", Self.terms { $0.description_p = String(repeating: "x", count: 20_001) }
      ),
      ("terms.description", Self.terms { $0.description_p = "null\0" }),
      ("terms.price.currency_code", Self.terms { $0.price.currencyCode = "eur" }),
      ("terms.price.currency_code", Self.terms { $0.clearPrice() }),
      ("terms.price.minor_units", Self.terms { $0.price.minorUnits = -1 }),
      ("terms.price.minor_units", Self.terms { $0.price.minorUnits = .max }),
      ("terms.packages", Self.terms { $0.packages = [] }),
      ("terms.packages", Self.terms { $0.packages = Array(repeating: $0.packages[0], count: 21) }),
      ("terms.packages[0].series_id", Self.terms { $0.packages[0].seriesID = "x" }),
      ("terms.packages[0].series_id", Self.terms { _ in }),
      ("terms.packages[0].amount", Self.terms { $0.packages[0].amount = 0 }),
      (
        "terms.packages",
        Self.terms {
          $0.packages[0].amount = 600
          $0.packages.append($0.packages[0])
        }
      ),
      ("terms.packages[0].amount", Self.terms { $0.packages[0].amount = 1_001 }),
      ("terms.stock", Self.terms { $0.stock = -1 }),
      ("terms.per_account_limit", Self.terms { $0.perAccountLimit = 0 }),
    ]
    try await withShop { shop async throws in
      try await shop.asOperator {
        for (field, request) in wrong {
          await expect([field]) {
            _ = try await shop.answer(CreateProduct.self, request)
          }
          let update = Helium_Shop_V1_UpdateProductRequest.with {
            $0.id = Self.id
            $0.terms = request.terms
          }
          await expect([field]) {
            _ = try await shop.answer(UpdateProduct.self, update)
          }
        }
        await expect(["id"]) {
          _ = try await shop.answer(UpdateProduct.self, .with { $0.terms = Self.terms })
        }
        await expect(["id"]) {
          _ = try await shop.answer(ChangeProductStock.self, .init())
        }
        for (field, change) in [
          ("change", nil), ("add", .add(0)), ("set", .set(-1)), ("unlimited", .unlimited(false)),
        ]
          as [(String, Helium_Shop_V1_ChangeProductStockRequest.OneOf_Change?)]
        {
          let request = Helium_Shop_V1_ChangeProductStockRequest.with {
            $0.id = Self.id
            $0.change = change
          }
          await expect([field]) {
            _ = try await shop.answer(ChangeProductStock.self, request)
          }
        }
        await expect(["page_size"]) {
          _ = try await shop.answer(ListAllProducts.self, .with { $0.pageSize = -1 })
        }
      }
    }
  }

  @Test func `an operator's request names the field that is wrong`() async throws {
    let cards: [([String], Helium_Shop_V1_CreateGiftCardsRequest)] = [
      (["count"], .with { $0.value = Self.money }),
      (["count"], .with { ($0.count, $0.value) = (1_001, Self.money) }),
      (["value.currency_code"], .with { $0.count = 1 }),
      (["value.minor_units"], .with { ($0.count, $0.value.currencyCode) = (1, "EUR") }),
      (["count", "value.minor_units"], .with { $0.value.currencyCode = "EUR" }),
      (
        ["expire_time"],
        .with { ($0.count, $0.value, $0.expireTime.seconds) = (1, Self.money, .max) }
      ),
      (["expire_time"], .with { ($0.count, $0.value, $0.expireTime.nanos) = (1, Self.money, -1) }),
      (
        ["expire_time"],
        .with { ($0.count, $0.value, $0.expireTime.seconds) = (1, Self.money, World.noon.seconds) }
      ),
    ]
    let deposits: [([String], Helium_Shop_V1_DepositToWalletRequest)] = [
      (["account_id"], .with { ($0.amount, $0.reason) = (Self.money, "r") }),
      (["amount.currency_code"], .with { ($0.accountID, $0.reason) = (Self.id, "r") }),
      (
        ["amount.minor_units"],
        .with { ($0.accountID, $0.amount.currencyCode, $0.reason) = (Self.id, "EUR", "r") }
      ),
      (["reason"], .with { ($0.accountID, $0.amount) = (Self.id, Self.money) }),
      (
        ["reason"],
        .with {
          ($0.accountID, $0.amount, $0.reason) = (
            Self.id, Self.money, String(repeating: "x", count: 501)
          )
        }
      ),
      (
        ["amount.minor_units", "reason"],
        .with { ($0.accountID, $0.amount.currencyCode) = (Self.id, "EUR") }
      ),
    ]
    let lists: [([String], Helium_Shop_V1_ListAllOrdersRequest)] = [
      (["account_id"], .with { $0.accountID = "x" }),
      (["product_id"], .with { $0.productID = "x" }),
      (["status"], .with { $0.status = .UNRECOGNIZED(99) }),
      (["from_time"], .with { $0.fromTime.seconds = .min }),
      (["until_time"], .with { $0.untilTime.nanos = 1_000_000_000 }),
      (["page_size"], .with { $0.pageSize = -1 }),
      (["page_token"], .with { $0.pageToken = "?" }),
    ]
    try await withShop { shop async throws in
      try await shop.asOperator {
        for (fields, request) in cards {
          await expect(fields) {
            _ = try await shop.answer(CreateGiftCards.self, request)
          }
        }
        for (fields, request) in deposits {
          await expect(fields) {
            _ = try await shop.answer(DepositToWallet.self, request)
          }
        }
        for (fields, request) in lists {
          await expect(fields) {
            _ = try await shop.answer(ListAllOrders.self, request)
          }
        }
        await expect(["redeemed_by_account_id"]) {
          _ = try await shop.answer(ListGiftCards.self, .with { $0.redeemedByAccountID = "x" })
        }
        await expect(["account_id"]) {
          _ = try await shop.answer(InspectWallet.self, .init())
        }
        await expect(["account_id"]) {
          _ = try await shop.answer(ListAccountWalletEntries.self, .init())
        }
        await expect(["id"]) {
          _ = try await shop.answer(InspectOrder.self, .init())
        }
        await expect(["id"]) {
          _ = try await shop.answer(CancelUnpaidOrder.self, .init())
        }
      }
    }
  }

  /// Runs a call that must be refused as a bad request for exactly these fields.
  private func expect(
    _ fields: [String],
    sourceLocation: SourceLocation = #_sourceLocation,
    _ call: () async throws -> Void
  ) async {
    do {
      try await call()
      Issue.record("nothing was refused, not even \(fields)", sourceLocation: sourceLocation)
    } catch let error as any DomainError {
      #expect(error.kind == .invalidArgument, sourceLocation: sourceLocation)
      #expect(error.violations.map(\.field) == fields, sourceLocation: sourceLocation)
    } catch {
      Issue.record("\(error)", sourceLocation: sourceLocation)
    }
  }
}
