import Mustache
import Platform

/// A mail in one language, in Mustache.
package struct MailTemplate: Codable, Hashable, Sendable {
  package var subject: String
  package var text: String
  /// The same as HTML, in which variables are escaped; without it the mail is plain text.
  package var html: String?

  package init(subject: String, text: String, html: String? = nil) {
    self.subject = subject
    self.text = text
    self.html = html
  }

  /// What a reader gets.
  struct Rendered: Hashable, Sendable {
    let subject: String
    let text: String
    let html: String?
  }

  /// Longer texts are no transactional mail, and all templates together are one settings document.
  static let maximumBytes = 64 * 1024

  /// Puts the variables in their places. Throws what Mustache says of a template that can't be read.
  func render(_ variables: [String: String]) throws -> Rendered {
    Rendered(
      subject: try Self.plain(subject).render(variables), text: try Self.plain(text).render(variables),
      html: try html.map { try MustacheTemplate(string: $0).render(variables) })
  }

  /// Mustache escapes for HTML unless told otherwise, and people would read the entities.
  private static func plain(_ template: String) throws -> MustacheTemplate {
    try MustacheTemplate(string: "{{% CONTENT_TYPE:TEXT}}\(template)")
  }

  /// What is wrong with it as a template of `kind`, by field.
  func violations(as kind: MailTemplateKind) -> [FieldViolation] {
    var violations: [FieldViolation] = []
    func check(_ field: String, _ template: String, shows variables: [String]) {
      func add(_ description: String) { violations.append(FieldViolation(field: field, description: description)) }
      guard !template.isEmpty else { return add("must not be empty") }
      guard template.utf8.count <= Self.maximumBytes else { return add("must not be longer than \(Self.maximumBytes) bytes") }
      do {
        let rendered = try Self.plain(template).render(Dictionary(uniqueKeysWithValues: variables.map { ($0, Self.probe($0)) }))
        for variable in variables where !rendered.contains(Self.probe(variable)) { add("must show {{\(variable)}}") }
      } catch {
        add("is no Mustache template: \(error)")
      }
    }
    check("subject", subject, shows: [])
    if subject.contains(where: \.isNewline) {
      violations.append(FieldViolation(field: "subject", description: "must be one line"))
    }
    check("text", text, shows: kind.variables)
    if let html { check("html", html, shows: kind.variables) }
    return violations
  }

  /// A value that no template has of itself.
  private static func probe(_ variable: String) -> String { "probe\u{1}\(variable)" }
}
