/// What an operator may change of a module at run time: one document, with defaults and limits.
///
/// Decoding must give missing fields their defaults, so that documents of older versions stay valid.
package protocol ModuleSettings: Codable, Sendable, Equatable {
  /// The module's name in lower case.
  static var module: String { get }

  /// The defaults.
  init()

  /// What is wrong with the values, by field; empty when nothing is.
  func violations() -> [FieldViolation]
}

/// A settings document with its module's type erased: what the store and the admin RPC need of it.
package struct SettingsKind: Sendable {
  package let module: String
  let parse: @Sendable ([UInt8]) throws -> any ModuleSettings
  let defaults: @Sendable () -> any ModuleSettings

  package init<S: ModuleSettings>(_ type: S.Type) {
    module = S.module
    defaults = { S() }
    parse = { bytes in
      let settings: S
      do {
        settings = try JSON.decode(S.self, from: bytes)
      } catch let error as DecodingError {
        throw InvalidInput([error.violation])
      }
      let violations = settings.violations()
      guard violations.isEmpty else { throw InvalidInput(violations) }
      return settings
    }
  }
}

extension DecodingError {
  /// The field that could not be read, and what it should have been.
  package var violation: FieldViolation {
    let (path, description): ([any CodingKey], String) =
      switch self {
      case .typeMismatch(let type, let context): (context.codingPath, "must be a \(type)")
      case .valueNotFound(let type, let context): (context.codingPath, "must be a \(type), not null")
      case .keyNotFound(let key, let context): (context.codingPath + [key], "is missing")
      case .dataCorrupted(let context): (context.codingPath, context.debugDescription)
      @unknown default: ([], "can't be read")
      }
    let field = path.map(\.stringValue).joined(separator: ".")
    return FieldViolation(field: field.isEmpty ? "document" : field, description: description)
  }
}
