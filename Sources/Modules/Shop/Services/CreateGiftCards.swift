import Platform

/// Makes gift cards and returns their codes, which are kept only as hashes.
struct CreateGiftCards: AdminOperation {
  static let permission = Permission("shop.gift_card.create")

  let count: Int
  let value: Money
  let expiresAt: Instant?

  /// One answer holds every code; more would be too large for a message.
  static let most = 1_000

  init(count: Int, value: Money, expiresAt: Instant?) throws {
    var violations: [FieldViolation] = []
    if !(1...Self.most).contains(count) { violations.append(FieldViolation(field: "count", description: "must be from 1 to \(Self.most)")) }
    if !value.isPositive { violations.append(FieldViolation(field: "value.minor_units", description: "must be positive")) }
    guard violations.isEmpty else { throw InvalidInput(violations) }
    self.count = count
    self.value = value
    self.expiresAt = expiresAt
  }

  var target: AuditTarget { AuditTarget("gift_card", "") }
  var detail: String { "\(count) of \(value.minorUnits) \(value.currency.code)" }

  func perform(in shop: Shop, as admin: Authorized<Self>) async throws -> [String] {
    let now = shop.clock.now
    if let expiresAt, expiresAt <= now { throw InvalidInput("expire_time", "must be in the future") }
    let codes = (0..<count).map { _ in GiftCard.Code(randomBytes: shop.ids.randomBytes(GiftCard.Code.length)) }
    try await shop.database.process(
      InsertGiftCards(
        ids: codes.map { _ in shop.ids.next() }, codeHmacs: codes.map { $0.hmac(shop.codeKey).hexadecimal }, value: value.minorUnits,
        currency: value.currency, createdAt: now, expiresAt: expiresAt))
    return codes.map(\.display)
  }
}

/// The gift cards, the newest first; never their codes.
struct ListGiftCards: AdminOperation {
  static let permission = Permission("shop.gift_card.list")

  let page: PageRequest

  var target: AuditTarget { AuditTarget("gift_card", "") }

  func perform(in shop: Shop, as admin: Authorized<Self>) async throws -> Page<GiftCard> {
    let rows = try await shop.database.process(SelectGiftCards(before: try page.cursor(), rowLimit: Int32(page.size + 1)))
    return try Page(rows.map { GiftCard($0) }, page) { $0.id }
  }
}
