import Platform

/// Makes gift cards and returns their codes, which are kept only as hashes.
///
/// An idempotency key's answer keeps the batch alone: the codes follow from it and the key of
/// codes, which the database doesn't hold.
struct CreateGiftCards: AdminOperation {
  static let permission = Permission("shop.gift_card.create")

  let count: Int
  let value: Money
  let expiresAt: Instant?

  /// One answer holds every code; more would be too large for a message.
  static let most = 1_000

  init(count: Int, value: Money, expiresAt: Instant?) throws {
    var violations: [FieldViolation] = []
    violations.check((1...Self.most).contains(count), "count", "must be from 1 to \(Self.most)")
    violations.check(
      Wallet.accepts(value),
      "value.minor_units",
      "must be from 1 to \(Wallet.largestAmount)"
    )
    try violations.throwIfAny()
    self.count = count
    self.value = value
    self.expiresAt = expiresAt
  }

  var target: AuditTarget { AuditTarget("gift_card", "") }
  var detail: String { "\(count) of \(value.minorUnits) \(value.currency.code)" }

  private struct Request: Encodable {
    let count: Int
    let value: Money
    let expiresAt: Instant?
  }

  func perform(in shop: Shop, as admin: Authorized<Self>) async throws -> [String] {
    let key = try idempotencyKey(of: admin)
    let batch = try await shop.transaction { shop, transaction in
      let request = Request(count: count, value: value, expiresAt: expiresAt)
      return try await transaction.idempotently(key, request: request, at: shop.clock.now) {
        try await create(in: shop, transaction)
      }
    }
    return batch.codes(shop.codeKey).map(\.display)
  }

  private func create(in shop: Shop, _ transaction: Transaction) async throws -> GiftCard.Batch {
    let now = shop.clock.now
    if let expiresAt, expiresAt <= now {
      throw InvalidInput("expire_time", "must be in the future")
    }
    // A card in another currency could never be redeemed.
    guard try await transaction.settlesWallets(in: value.currency) else {
      throw InvalidInput("value.currency_code", "must be the currency of the wallets")
    }
    let batch = GiftCard.Batch(id: shop.ids.randomUUID(), count: count)
    try await transaction.process(
      InsertGiftCards(
        ids: (0..<count).map { _ in shop.ids.next() },
        codeHmacs: batch.codes(shop.codeKey).map { $0.hmac(shop.codeKey).hexadecimal },
        value: value.minorUnits,
        currency: value.currency,
        createdAt: now,
        expiresAt: expiresAt
      )
    )
    return batch
  }
}

/// The gift cards, the newest first and never their codes; a filter that is nil lets every card
/// through.
struct ListGiftCards: AdminOperation {
  static let permission = Permission("shop.gift_card.list")

  var isRedeemed: Bool?
  var redeemedBy: Account.ID?
  let page: PageRequest

  var target: AuditTarget { AuditTarget("gift_card", "") }

  func perform(in shop: Shop, as admin: Authorized<Self>) async throws -> Page<GiftCard> {
    let rows = try await shop.database.process(
      SelectGiftCards(
        before: try page.cursor(),
        byAccount: redeemedBy,
        isRedeemed: isRedeemed,
        rowLimit: Int32(page.size + 1)
      )
    )
    return try Page(rows.map { GiftCard($0) }, page) { $0.id }
  }
}
