package import FieldViolations

/// What an operator may change of a module at run time: one document, with defaults and limits.
///
/// Decoding must give missing fields their defaults, so that documents of older versions stay
/// valid.
package protocol ModuleSettings: Codable, Sendable, Equatable {
  /// The module's name in lower case.
  static var module: String { get }

  /// The defaults.
  init()

  /// What is wrong with the values, by field; empty when nothing is.
  func violations() -> [FieldViolation]

  /// What is wrong with values that are right by themselves but not on this installation's
  /// database. Asked before they are stored.
  func violations(in transaction: Transaction) async throws -> [FieldViolation]

  /// Warnings about values that are valid but weaken the installation. Each worker logs them when
  /// the values take effect.
  var warnings: [String] { get }

  /// The fields that hold passwords and the like: stored sealed, and never read back.
  static var secrets: [SettingsSecret<Self>] { get }
}

extension ModuleSettings {
  package func violations(in transaction: Transaction) async throws -> [FieldViolation] { [] }

  package var warnings: [String] { [] }

  package static var secrets: [SettingsSecret<Self>] { [] }
}

/// A settings document with its module's type erased: what the store and the admin RPC need of it.
package struct SettingsKind: Sendable {
  package let module: String
  let hasSecrets: Bool
  let defaults: @Sendable () -> any ModuleSettings
  /// The settings of a stored document, or of one that an operator wrote, with their secrets in the
  /// clear.
  let parse: @Sendable (_ document: [UInt8], SettingsSealer?) throws -> any ModuleSettings
  /// The document to store for one that an operator wrote after reading `stored`.
  let accept: @Sendable (_ document: [UInt8], _ stored: [UInt8]?, SettingsSealer?) throws -> [UInt8]
  /// Throws `InvalidInput` where a document that was accepted doesn't suit the database.
  let confirm: @Sendable (_ accepted: [UInt8], Transaction, SettingsSealer?) async throws -> Void
  /// A stored document as operators may read it.
  let reveal: @Sendable (_ stored: [UInt8], SettingsSealer?) throws -> [UInt8]

  package init<S: ModuleSettings>(_ type: S.Type) {
    module = S.module
    hasSecrets = !S.secrets.isEmpty
    defaults = { S() }
    parse = { document, sealer in
      try Self.validated(try Self.opened(try Self.decoded(S.self, document), sealer))
    }
    accept = { document, stored, sealer in
      let previous = stored.flatMap { try? Self.opened(try Self.decoded(S.self, $0), sealer) }
      let written = try Self.opened(try Self.decoded(S.self, document), sealer)
      return try JSON.encode(
        Self.sealed(try Self.validated(try Self.completed(written, from: previous)), sealer)
      )
    }
    confirm = { accepted, transaction, sealer in
      let settings = try Self.opened(try Self.decoded(S.self, accepted), sealer)
      try await settings.violations(in: transaction).throwIfAny()
    }
    reveal = { stored, sealer in
      S.secrets.isEmpty
        ? stored : try JSON.encode(Self.masked(try Self.decoded(S.self, stored), sealer))
    }
  }

  private static func decoded<S: ModuleSettings>(_ type: S.Type, _ document: [UInt8]) throws -> S {
    do {
      return try JSON.decode(S.self, from: document)
    } catch let error as DecodingError {
      throw InvalidInput([error.violation])
    }
  }

  private static func validated<S: ModuleSettings>(_ settings: S) throws(InvalidInput) -> S {
    try settings.violations().throwIfAny()
    return settings
  }
}

extension DecodingError {
  /// The field that could not be read, and what it should have been.
  package var violation: FieldViolation {
    let (path, description): ([any CodingKey], String) =
      switch self {
      case .typeMismatch(let type, let context): (context.codingPath, "must be a \(type)")
      case .valueNotFound(let type, let context):
        (context.codingPath, "must be a \(type), not null")
      case .keyNotFound(let key, let context): (context.codingPath + [key], "is missing")
      case .dataCorrupted(let context): (context.codingPath, context.debugDescription)
      @unknown default: ([], "can't be read")
      }
    let field = path.map(\.stringValue).joined(separator: ".")
    return FieldViolation(field.isEmpty ? "document" : field, description)
  }
}
