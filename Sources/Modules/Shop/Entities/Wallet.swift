import Platform
import Postgres

/// An account's money in this shop.
struct Wallet: Hashable, Sendable {
  let available: Money
  let frozen: Money

  /// More at once, in minor units, is a slip of the keyboard; millions of such amounts still add up
  /// in 64 bits.
  static let largestAmount: Int64 = 1_000_000_000_000

  /// Whether an amount can be added at once.
  static func accepts(_ amount: Money) -> Bool { (1...largestAmount).contains(amount.minorUnits) }
}

/// One change of a wallet, never changed itself.
struct WalletEntry: Identifiable, Hashable, Sendable {
  let id: Identifier<WalletEntry>
  /// Negative for what was taken.
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
  /// Wallets have one currency, and this isn't it.
  case walletCurrencyDiffers

  var kind: FailureKind { .failedPrecondition }
}
