package import FieldViolations
package import Postgres

/// An amount of one currency in whole minor units (cents, fen, yen); never a fraction.
package struct Money: Hashable, Sendable, Codable {
  package let minorUnits: Int64
  package let currency: Currency

  package init(minorUnits: Int64, _ currency: Currency) {
    self.minorUnits = minorUnits
    self.currency = currency
  }

  package static func zero(_ currency: Currency) -> Money {
    Money(minorUnits: 0, currency)
  }

  package var isPositive: Bool { minorUnits > 0 }

  /// The sum; throws when the currencies differ or the sum doesn't fit.
  package func adding(_ other: Money) throws(ArithmeticError) -> Money {
    guard currency == other.currency else { throw .differentCurrencies }
    let (sum, overflow) = minorUnits.addingReportingOverflow(other.minorUnits)
    guard !overflow else { throw .overflow }
    return Money(minorUnits: sum, currency)
  }

  /// The difference; throws when the currencies differ or it doesn't fit.
  package func subtracting(_ other: Money) throws(ArithmeticError) -> Money {
    guard currency == other.currency else { throw .differentCurrencies }
    let (difference, overflow) = minorUnits.subtractingReportingOverflow(other.minorUnits)
    guard !overflow else { throw .overflow }
    return Money(minorUnits: difference, currency)
  }

  /// Why two amounts could not be combined.
  package enum ArithmeticError: String, DomainError {
    case differentCurrencies, overflow

    package var kind: FailureKind { .invalidArgument }
  }
}

/// A currency by its ISO 4217 code: three upper-case letters.
package struct Currency: Hashable, Sendable {
  package let code: String

  /// Throws `malformedCode` unless `code` is three upper-case ASCII letters.
  package init(_ code: String) throws(CodeError) {
    guard code.utf8.count == 3,
      code.utf8.allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) })
    else {
      throw .malformedCode
    }
    self.code = code
  }

  private init(known code: String) {
    self.code = code
  }

  package static let eur = Currency(known: "EUR")
  package static let usd = Currency(known: "USD")

  /// Why a text is no currency code.
  package enum CodeError: String, DomainError {
    case malformedCode

    package var kind: FailureKind { .invalidArgument }
    package var reason: String { "MALFORMED_CURRENCY_CODE" }
    package var violations: [FieldViolation] {
      [
        FieldViolation(
          "currency_code",
          "must be an ISO 4217 code: three upper-case letters, e.g. EUR"
        )
      ]
    }
  }
}

extension Currency: Codable {
  package init(from decoder: any Decoder) throws {
    try self.init(decoder.singleValueContainer().decode(String.self))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(code)
  }
}

extension Currency: PostgresEncodable, PostgresDecodable {
  package static var postgresType: PostgresType { .text }

  package func encode(into bytes: inout [UInt8]) {
    code.encode(into: &bytes)
  }

  package init(postgres bytes: UnsafeRawBufferPointer, type: PostgresType) throws {
    try self.init(String(postgres: bytes, type: type))
  }
}
