/// The mails that Helium sends.
enum MailTemplateKind: String, CaseIterable, Sendable {
  /// Proves that the person who registers can read the mailbox.
  case registrationCode = "registration_code"
  /// Tells the owner of an account that someone tried to register with its address. The caller
  /// isn't told.
  case alreadyRegistered = "already_registered"
  /// Shows an operator that mails arrive.
  case test

  /// What a job must bring and a template must show.
  var variables: [String] {
    switch self {
    case .registrationCode: ["code"]
    case .alreadyRegistered, .test: []
    }
  }

  /// The language for readers whose own language has no template.
  static let fallbackLanguage = "en"

  /// The template for a reader of `language`: the nearest tag wins, and in each the operator's
  /// template before the built-in one.
  func template(for language: String, in edited: [String: [String: MailTemplate]]) -> MailTemplate {
    let edited = edited[rawValue] ?? [:]
    for tag in Self.tags(from: language) {
      if let template = edited[tag] ?? builtIn[tag] { return template }
    }
    return edited[Self.fallbackLanguage] ?? builtInFallback
  }

  /// `zh-hans-cn`, `zh-hans`, `zh`: lookup by RFC 4647 section 3.4.
  static func tags(from language: String) -> [String] {
    let subtags = language.lowercased().split(separator: "-")
    return (0..<subtags.count).map { subtags.dropLast($0).joined(separator: "-") }
  }
}
