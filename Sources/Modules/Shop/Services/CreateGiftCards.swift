import FieldViolations
import Platform

/// Makes gift cards and returns their codes, which are kept only as hashes.
struct CreateGiftCards: AdminOperation {
  static let permission = Permission("shop.gift_card.create", .moderators)
  static let repeats = Repeats.firstAnswer

  let count: Int
  let value: Money
  let expiresAt: Instant?

  /// One answer holds every code; more would be too large for a message.
  static let maxCount = 1_000

  init(count: Int, value: Money, expiresAt: Instant?) throws {
    var violations: [FieldViolation] = []
    violations.check(
      (1...Self.maxCount).contains(count),
      "count",
      "must be from 1 to \(Self.maxCount)"
    )
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

  func perform(
    in shop: InTransaction<Shop>,
    as admin: Authorized<Self>
  ) async throws -> [String] {
    let now = shop.clock.now
    if let expiresAt, expiresAt <= now {
      throw InvalidInput("expire_time", "must be in the future")
    }
    // A card in another currency could never be redeemed.
    guard try await shop.settlesWallets(in: value.currency) else {
      throw InvalidInput("value.currency_code", "must be in the currency of the wallets")
    }
    let codes = (0..<count).map { _ in
      GiftCard.Code(secretBytes: shop.ids.randomBytes(GiftCard.Code.length))
    }
    try await shop.process(
      GiftCard.InsertMany(
        ids: codes.map { _ in shop.ids.next() },
        codeHmacs: codes.map { $0.hmac(shop.codeKey).hexadecimal },
        value: value.minorUnits,
        currency: value.currency,
        createdAt: now,
        expiresAt: expiresAt
      )
    )
    return codes.map(\.display)
  }
}
