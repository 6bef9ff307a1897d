import Platform
import Postgres

/// An account's money in this shop.
struct Wallet: Hashable, Sendable {
  let available: Money
  let frozen: Money
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
  init(_ row: SelectWalletEntries.Row) {
    self.init(
      id: row.id, amount: Money(minorUnits: row.amount, row.currency), kind: row.kind, reason: row.reason, createdAt: row.createdAt)
  }
}

/// Why a wallet could not be changed.
enum WalletError: String, DomainError {
  case insufficientFunds, wrongCurrency, amountNotPositive

  var kind: FailureKind {
    switch self {
    case .insufficientFunds: .failedPrecondition
    case .wrongCurrency, .amountNotPositive: .invalidArgument
    }
  }

  var violations: [FieldViolation] {
    switch self {
    case .insufficientFunds: []
    case .wrongCurrency: [FieldViolation(field: "amount.currency_code", description: "must be the currency of the wallet")]
    case .amountNotPositive: [FieldViolation(field: "amount.minor_units", description: "must be positive")]
    }
  }
}
