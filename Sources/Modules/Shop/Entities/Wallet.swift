import Platform
import Postgres

/// An account's money in this shop.
struct Wallet: Hashable, Sendable {
  let available: Money
  let frozen: Money

  /// A larger amount, in minor units, is a typing error. Millions of such amounts still fit in 64
  /// bits.
  static let largestAmount: Int64 = 1_000_000_000_000

  /// Whether an amount can be added at once.
  static func accepts(_ amount: Money) -> Bool { (1...largestAmount).contains(amount.minorUnits) }
}

/// One change of a wallet, never changed itself.
struct WalletEntry: Identifiable, Hashable, Sendable {
  let id: Identifier<WalletEntry>
  /// Negative for money that was taken.
  let amount: Money
  let kind: Kind
  let reason: String
  let createdAt: Instant

  enum Kind: String, PostgresCodable, CaseIterable {
    case deposit
    case giftCard = "gift_card"
    case orderPayment = "order_payment"
    case refund, withdrawal
  }
}

extension WalletEntry {
  init(_ row: WalletEntry.List.Row) {
    self.init(
      id: row.id,
      amount: Money(minorUnits: row.amount, row.currency),
      kind: row.kind,
      reason: row.reason,
      createdAt: row.createdAt
    )
  }
}

/// Why a wallet could not be changed.
enum WalletError: String, DomainError {
  case insufficientFunds
  /// The amount isn't in the currency of the wallets.
  case walletCurrencyDiffers

  var kind: FailureKind { .failedPrecondition }
}
