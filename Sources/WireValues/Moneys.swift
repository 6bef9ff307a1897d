package import CommonProtos
package import Platform

extension Helium_Common_V1_Money {
  package init(_ money: Money) {
    self.init()
    currencyCode = money.currency.code
    minorUnits = money.minorUnits
  }
}

extension Money {
  /// The amount in a field of a request; throws what is wrong with it.
  package init(_ message: Helium_Common_V1_Money, field: String) throws(InvalidInput) {
    guard let currency = try? Currency(message.currencyCode) else {
      throw InvalidInput(
        "\(field).currency_code",
        "must be an ISO 4217 code: three upper-case letters, e.g. EUR"
      )
    }
    self.init(minorUnits: message.minorUnits, currency)
  }
}
