import Crypto
import FieldViolations
import FoundationEssentials
import Platform

/// A prepaid code that adds its value to one account's wallet, once.
struct GiftCard: Identifiable, Hashable, Sendable {
  let id: Identifier<GiftCard>
  let value: Money
  let expiresAt: Instant?
  private(set) var redemption: Redemption?

  init(id: Identifier<GiftCard>, value: Money, expiresAt: Instant?, redemption: Redemption? = nil) {
    self.id = id
    self.value = value
    self.expiresAt = expiresAt
    self.redemption = redemption
  }

  /// Marks the card as redeemed. Crediting its value is the caller's part.
  mutating func redeem(for account: Account.ID, at instant: Instant) throws(RedemptionError)
    -> Redemption
  {
    guard redemption == nil else { throw .alreadyRedeemed }
    if let expiresAt, expiresAt <= instant { throw .expired }
    let redemption = Redemption(account: account, date: instant)
    self.redemption = redemption
    return redemption
  }

  /// Who redeemed a card, and when.
  struct Redemption: Hashable, Sendable {
    let account: Account.ID
    let date: Instant
  }

  /// Why a card could not be redeemed.
  enum RedemptionError: String, DomainError {
    case malformedCode, unknownCode, alreadyRedeemed, expired

    var kind: FailureKind {
      switch self {
      case .malformedCode: .invalidArgument
      case .unknownCode: .notFound
      case .alreadyRedeemed, .expired: .failedPrecondition
      }
    }

    var reason: String { "GIFT_CARD_\(rawValue.upperSnakeCase)" }

    var violations: [FieldViolation] {
      self == .malformedCode
        ? [
          FieldViolation(
            "code",
            "must have \(Code.length) letters and digits; case and dashes don't matter"
          )
        ] : []
    }
  }
}

extension GiftCard {
  /// A code as people type it: in any case, with or without dashes and spaces.
  struct Code: Hashable, Sendable {
    /// Upper case, without dashes.
    let text: String

    /// 16 characters out of 32: 80 bits, which can't be guessed.
    static let length = 16
    /// Crockford's base 32: no I, L, O or U, which are mistaken for others.
    static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

    init(_ input: String) throws(RedemptionError) {
      text = input.uppercased().filter { $0 != "-" && $0 != " " }
      guard text.utf8.count == Self.length,
        text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) })
      else { throw .malformedCode }
    }

    /// A code from as many bytes that nobody can guess.
    init(secretBytes: [UInt8]) {
      precondition(secretBytes.count == Self.length, "a byte for each character")
      text = String(secretBytes.map { Self.alphabet[Int($0 & 31)] })
    }

    /// In groups of four, for people.
    var display: String {
      stride(from: 0, to: Self.length, by: 4).map { String(text.dropFirst($0).prefix(4)) }.joined(
        separator: "-"
      )
    }

    func hmac(_ key: SymmetricKey) -> [UInt8] {
      [UInt8](HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
    }
  }

  init(_ row: GiftCard.Row) {
    self.init(
      id: row.id,
      value: Money(minorUnits: row.value, row.currency),
      expiresAt: row.expiresAt
    )
    if let account = row.redeemedBy, let date = row.redeemedAt {
      redemption = Redemption(account: account, date: date)
    }
  }
}
