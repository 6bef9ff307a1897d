import Contracts
import FoundationEssentials
import Platform
import Postgres
import Testing
import WorldKit

@testable import Shop

/// What the database itself refuses, whatever the code above does.
@Suite struct LedgerTests {
  private func expectRefusal(
    _ shop: ShopWorld,
    _ sql: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async {
    await #expect(throws: PostgresError.self, "\(sql)", sourceLocation: sourceLocation) {
      try await shop.world.execute(sql)
    }
  }

  @Test func `a balance that no entry explains is not committed`() async throws {
    try await withShop { shop async throws in
      try await shop.deposit(10_00)
      await expectRefusal(shop, "UPDATE shop.wallets SET available = available + 1")
      await expectRefusal(shop, "UPDATE shop.wallets SET frozen = 1")
      await expectRefusal(
        shop,
        "UPDATE shop.wallets SET available = available + 1, ledger_total = ledger_total + 1"
      )
      await expectRefusal(shop, "UPDATE shop.wallets SET available = -1, frozen = 1001")
      await expectRefusal(
        shop,
        "INSERT INTO shop.wallets VALUES (gen_random_uuid(), 'EUR', 1, 0, now())"
      )
      #expect(try await shop.available() == 10_00)
      // Freezing moves money within the wallet.
      try await shop.world.execute(
        "UPDATE shop.wallets SET available = available - 1, frozen = frozen + 1"
      )
    }
  }

  @Test
  func `an entry without its change of the balance is not committed, nor one in another currency`()
    async throws
  {
    try await withShop { shop async throws in
      try await shop.deposit(10_00)
      for currency in ["EUR", "USD"] {
        await expectRefusal(
          shop,
          """
          INSERT INTO shop.wallet_entries
          VALUES (gen_random_uuid(), '\(shop.account)', 5, '\(currency)', 'deposit', gen_random_uuid(), 'r', now())
          """
        )
      }
    }
  }

  @Test func `entries are never changed or removed, and wallets keep their account and currency`()
    async throws
  {
    try await withShop { shop async throws in
      try await shop.deposit(10_00)
      await expectRefusal(shop, "UPDATE shop.wallet_entries SET amount = 1")
      await expectRefusal(shop, "DELETE FROM shop.wallet_entries")
      await expectRefusal(shop, "TRUNCATE shop.wallet_entries")
      await expectRefusal(shop, "DELETE FROM shop.wallets")
      await expectRefusal(shop, "UPDATE shop.wallets SET currency = 'USD'")
      await expectRefusal(shop, "UPDATE shop.wallets SET account_id = gen_random_uuid()")
    }
  }

  @Test func `what was ordered can't be changed, and no state is skipped or taken back`()
    async throws
  {
    try await withShop { shop async throws in
      let order = try await shop.order(shop.product(price: 0))
      let agreed = [
        "price = 1", "title = 'x'", "currency = 'USD'", "account_id = gen_random_uuid()",
        "subscription_id = gen_random_uuid()",
      ]
      for change in agreed {
        await expectRefusal(shop, "UPDATE shop.orders SET \(change)")
      }
      await expectRefusal(shop, "UPDATE shop.orders SET status = 'delivered', paid_at = now()")
      _ = try await shop.pay(order)
      for change in [
        "status = 'unpaid', paid_at = NULL", "status = 'cancelled', cancelled_at = now()",
        "status = 'refunded'",
      ] {
        await expectRefusal(shop, "UPDATE shop.orders SET \(change)")
      }
    }
  }

  /// What a customer or an operator may do to a wallet, in any order and at the same time.
  private enum Move: CaseIterable {
    case deposit, redeem, redeemAgain, order, pay, payAgain, payTooDear, cancel
  }

  @Test(arguments: 0..<4) func `after any moves, side by side, every ledger adds up to its balance`(
    seed: UInt64
  ) async throws {
    var settings = ShopSettings()
    settings.maxUnpaidOrders = 1_000
    // `withShop` compares the sums when the body has ended.
    try await withShop(settings: settings) { shop async throws in
      var generator = SplitMix(state: seed)
      let accounts = (0..<3).map { _ in shop.world.ids.next(Account.self) as Account.ID }
      let products = [
        try await shop.product(price: 0), try await shop.product(price: 3_33),
        try await shop.product(price: 1_000_000_00),
      ]
      let codes = try await shop.shop.process(
        CreateGiftCards(count: 40, value: Money(minorUnits: 2_01, .eur), expiresAt: nil),
        as: shop.world.admin()
      )
      let moves = (0..<120).map { index in
        (
          Move.allCases.randomElement(using: &generator) ?? .deposit,
          accounts.randomElement(using: &generator) ?? accounts[0], index
        )
      }
      await withTaskGroup(of: Void.self) { group in
        for lane in 0..<6 {
          group.addTask {
            for (move, account, index) in moves where index % 6 == lane {
              // Refusals are part of it; what counts is that nothing is half done.
              try? await self.make(move, of: account, index, products, codes, in: shop)
            }
          }
        }
      }
      let sums =
        "SELECT count(*) FROM shop.wallets WHERE available + frozen <> ledger_total OR available < 0"
      #expect(try await shop.world.number(sums) == 0)
      let paid = "SELECT coalesce(sum(price), 0)::bigint FROM shop.orders WHERE status = 'paid'"
      let charged =
        "SELECT coalesce(-sum(amount), 0)::bigint FROM shop.wallet_entries WHERE kind = 'order_payment'"
      #expect(try await shop.world.number(paid) == shop.world.number(charged))
      let redeemed =
        "SELECT coalesce(sum(value), 0)::bigint FROM shop.gift_cards WHERE redeemed_at IS NOT NULL"
      let credited =
        "SELECT coalesce(sum(amount), 0)::bigint FROM shop.wallet_entries WHERE kind = 'gift_card'"
      #expect(try await shop.world.number(redeemed) == shop.world.number(credited))
      #expect(try await shop.world.number("SELECT count(*) FROM shop.wallet_entries") > 0)
    }
  }

  private func make(
    _ move: Move,
    of account: Account.ID,
    _ index: Int,
    _ products: [Product],
    _ codes: [String],
    in shop: ShopWorld
  ) async throws {
    func order(_ product: Product) async throws -> CustomerOrder {
      try await shop.shop.process(
        CreateOrder(account: account, product: product.id, subscription: nil)
      )
    }
    func pay(_ order: CustomerOrder) async throws {
      _ = try await shop.shop.process(PayOrder(id: order.id, account: account))
    }
    switch move {
    case .deposit:
      let deposit = try DepositToWallet(
        account: account,
        amount: Money(minorUnits: Int64(1 + index * 7), .eur),
        reason: "test"
      )
      _ = try await shop.shop.process(deposit, as: shop.world.admin())
    case .redeem, .redeemAgain:
      let code = try GiftCard.Code(codes[move == .redeem ? index % codes.count : 0])
      _ = try await shop.shop.process(RedeemGiftCard(code: code, account: account))
    case .order: _ = try await order(products[1])
    case .pay: try await pay(order(products[index % 2]))
    case .payAgain:
      let order = try await order(products[1])
      async let first: Void = pay(order)
      async let second: Void = pay(order)
      _ = try await (first, second)
    case .payTooDear: try await pay(order(products[2]))
    case .cancel:
      let order = try await order(products[1])
      async let cancelled = shop.shop.process(CancelOwnOrder(id: order.id, account: account))
      async let paid: Void = pay(order)
      _ = try await (cancelled, paid)
    }
  }
}

/// Repeatable random numbers. Source: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number
/// Generators" (2014).
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
