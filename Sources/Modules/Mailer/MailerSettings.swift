package import FieldViolations
package import Platform
import SMTP

/// What an operator may change of the mailer at run time. A change takes effect with the next mail.
package struct MailerSettings: ModuleSettings {
  package static let module = "mailer"

  /// The mail server, `smtp://user:password@host:587?starttls=required` or `smtps://…`; empty for
  /// the one that the worker was started with.
  ///
  /// It is stored sealed, and read back without its password.
  package var smtpURL = ""
  /// The sender of mails. Its domain is also used in the Message-ID.
  package var fromAddress = "helium@localhost"
  /// The name that readers see beside the address; empty for none.
  package var fromName = "Helium"
  /// How long the delivery log is kept, in days. It holds mail addresses, so keep it no longer than
  /// needed.
  package var deliveryRetentionDays = 90
  /// Templates in place of the built-in ones, by name and by language tag in lower case.
  package var templates: [String: [String: MailTemplate]] = [:]

  package init() {}

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    smtpURL = try container.decodeIfPresent(String.self, forKey: .smtpURL) ?? smtpURL
    fromAddress = try container.decodeIfPresent(String.self, forKey: .fromAddress) ?? fromAddress
    fromName = try container.decodeIfPresent(String.self, forKey: .fromName) ?? fromName
    deliveryRetentionDays =
      try container.decodeIfPresent(Int.self, forKey: .deliveryRetentionDays)
      ?? deliveryRetentionDays
    templates =
      try container.decodeIfPresent([String: [String: MailTemplate]].self, forKey: .templates)
      ?? templates
  }

  package enum CodingKeys: String, CodingKey {
    case smtpURL = "smtp_url"
    case fromAddress = "from_address"
    case fromName = "from_name"
    case deliveryRetentionDays = "delivery_retention_days"
    case templates
  }

  package static let secrets = [
    SettingsSecret<MailerSettings>("smtp_url", \.smtpURL, masked: SMTPConfiguration.withoutPassword)
  ]

  package func violations() -> [FieldViolation] {
    var violations: [FieldViolation] = []
    if let reason = smtpRefusal { violations.add("smtp_url", reason) }
    if let reason = Self.refusal(of: SMTPAddress(fromAddress)) {
      violations.add("from_address", reason)
    } else if let reason = Self.refusal(of: SMTPAddress(fromAddress, displayName: fromName)) {
      violations.add("from_name", reason)
    }
    violations.check(
      (1...3_650).contains(deliveryRetentionDays),
      "delivery_retention_days",
      "must be from 1 to 3650 (ten years)"
    )
    return violations + templateViolations.inside("templates")
  }

  private var smtpRefusal: String? {
    guard !smtpURL.isEmpty else { return nil }
    do {
      _ = try SMTPConfiguration(url: smtpURL)
      return nil
    } catch {
      return error.description
    }
  }

  private var templateViolations: [FieldViolation] {
    var violations: [FieldViolation] = []
    for (name, translations) in templates.sorted(by: { $0.key < $1.key }) {
      guard let kind = MailTemplateKind(rawValue: name) else {
        let known = MailTemplateKind.allCases.map(\.rawValue).joined(separator: ", ")
        violations.add(name, "is not a template; there is \(known)")
        continue
      }
      for (language, template) in translations.sorted(by: { $0.key < $1.key }) {
        guard Self.isLanguage(language) else {
          violations.add(
            "\(name).\(language)",
            "must be a language tag in lower case, e.g. en or pt-br"
          )
          continue
        }
        violations += template.violations(as: kind).inside("\(name).\(language)")
      }
    }
    return violations
  }

  /// The shape of BCP 47's tags: a language of two or three letters, then subtags of up to eight.
  static func isLanguage(_ tag: String) -> Bool {
    let subtags = tag.split(separator: "-", omittingEmptySubsequences: false)
    let isShaped = subtags.allSatisfy { subtag in
      (1...8).contains(subtag.utf8.count)
        && subtag.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
    }
    return isShaped && (2...3).contains(subtags[0].utf8.count)
  }
}
