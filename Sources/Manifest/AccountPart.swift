import FoundationEssentials
package import Platform

/// What one module keeps of an account, as operators and the account's owner may ask for it.
package protocol AccountPart: Sendable {
  /// What an operator who helps the customer should see at a glance.
  func facts(of account: Account.ID, in database: DatabaseProcessor) async throws -> [AccountFact]

  /// What the database keeps of the account, as one JSON object, without secrets. See
  /// ``AccountDocument``.
  func export(_ account: Account.ID, in database: DatabaseProcessor) async throws -> [UInt8]

  /// Deletes what names a person. What the law or the books need, such as the ledger, stays without
  /// it.
  func erase(_ account: Account.ID, in transaction: Transaction) async throws
}

/// The form of a module's export: JSON with sorted keys in snake_case, as in settings.
package enum AccountDocument {
  package static func encode(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return [UInt8](try encoder.encode(value))
  }
}

/// One line about an account.
package struct AccountFact: Hashable, Sendable {
  /// `<module>.<what>`, e.g. `shop.wallet`.
  package let name: String
  package let value: String

  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// What each module keeps of an account. Server offers it as a port once all modules are made, so a
/// module asks for it when it is called.
package struct AccountParts: Sendable {
  /// In the order of the modules.
  package let all: [(module: String, part: any AccountPart)]

  package init(_ all: [(module: String, part: any AccountPart)]) {
    self.all = all
  }

  package init(of modules: [any HeliumModule]) {
    all = modules.compactMap { module in
      module.accountPart.map { (type(of: module).name, $0) }
    }
  }
}
