import FieldViolations

/// A field of settings that holds a secret, alone or as a part of its text.
package struct SettingsSecret<S: ModuleSettings>: Sendable {
  /// Its path in the document.
  let field: String
  let value: any WritableKeyPath<S, String> & Sendable
  /// What operators read in place of a value that isn't empty.
  let masked: @Sendable (String) -> String

  /// - Parameter masked: shows what is no secret of the value, such as a URL's host; it must not
  ///   give the secret away.
  package init(
    _ field: String,
    _ value: any WritableKeyPath<S, String> & Sendable,
    masked: @escaping @Sendable (String) -> String = { _ in SettingsSealer.mask }
  ) {
    self.field = field
    self.value = value
    self.masked = masked
  }
}

/// Seals the secrets of settings before they are stored. Server makes one from the master key.
package struct SettingsSealer: Sendable {
  /// What stands for a secret.
  package static let mask = "***"
  /// Begins the text of a sealed value.
  static let prefix = "sealed:"

  private let sealBytes: @Sendable (_ secret: [UInt8], _ place: String) -> [UInt8]
  private let openBytes: @Sendable (_ sealed: [UInt8], _ place: String) throws -> [UInt8]

  /// - Parameter seal: encrypts and authenticates a secret for one place, so that it can't be moved
  ///   to another one.
  package init(
    seal: @escaping @Sendable (_ secret: [UInt8], _ place: String) -> [UInt8],
    open: @escaping @Sendable (_ sealed: [UInt8], _ place: String) throws -> [UInt8]
  ) {
    sealBytes = seal
    openBytes = open
  }

  func seal(_ secret: String, at place: String) -> String {
    Self.prefix + sealBytes(Array(secret.utf8), place).base64URL
  }

  /// The secret in a stored text. Text that isn't sealed was stored by an older version, or comes
  /// from an operator.
  func open(_ text: String, at place: String) throws -> String {
    guard text.hasPrefix(Self.prefix) else { return text }
    guard let sealed = [UInt8](base64URL: String(text.dropFirst(Self.prefix.count))) else {
      throw Unreadable()
    }
    return String(decoding: try openBytes(sealed, place), as: UTF8.self)
  }

  /// A text that looks sealed and isn't.
  struct Unreadable: Error {}
}

extension SettingsKind {
  private static func place<S: ModuleSettings>(of secret: SettingsSecret<S>) -> String {
    "\(S.module)/\(secret.field)"
  }

  /// With every secret in the clear.
  static func opened<S: ModuleSettings>(_ settings: S, _ sealer: SettingsSealer?)
    throws(InvalidInput) -> S
  {
    var settings = settings
    var violations: [FieldViolation] = []
    for secret in S.secrets {
      do {
        let text = settings[keyPath: secret.value]
        settings[keyPath: secret.value] = try sealer?.open(text, at: place(of: secret)) ?? text
      } catch {
        violations.add(secret.field, "was sealed with another master key; set it again")
      }
    }
    try violations.throwIfAny()
    return settings
  }

  /// As it may be stored. Without a sealer there are no secrets, or the store would not have been
  /// made.
  static func sealed<S: ModuleSettings>(_ settings: S, _ sealer: SettingsSealer?) -> S {
    var settings = settings
    for secret in S.secrets where !settings[keyPath: secret.value].isEmpty {
      settings[keyPath: secret.value] =
        sealer?.seal(settings[keyPath: secret.value], at: place(of: secret)) ?? ""
    }
    return settings
  }

  /// With the stored secret wherever the operator sent back what was shown in its place.
  static func completed<S: ModuleSettings>(_ settings: S, from previous: S?) throws(InvalidInput)
    -> S
  {
    var settings = settings
    var violations: [FieldViolation] = []
    for secret in S.secrets where settings[keyPath: secret.value].contains(SettingsSealer.mask) {
      if let known = previous?[keyPath: secret.value], !known.isEmpty,
        secret.masked(known) == settings[keyPath: secret.value]
      {
        settings[keyPath: secret.value] = known
      } else {
        violations.add(
          secret.field,
          "has \(SettingsSealer.mask) in place of its secret; to change it, send the secret itself"
        )
      }
    }
    try violations.throwIfAny()
    return settings
  }

  static func masked<S: ModuleSettings>(_ settings: S, _ sealer: SettingsSealer?) -> S {
    var settings = settings
    for secret in S.secrets where !settings[keyPath: secret.value].isEmpty {
      let known = try? sealer?.open(settings[keyPath: secret.value], at: place(of: secret))
      settings[keyPath: secret.value] = known.map(secret.masked) ?? SettingsSealer.mask
    }
    return settings
  }
}
