import FieldViolations
import Platform
import Templates

/// A mail in one language, with placeholders for variables.
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

  /// Longer texts aren't transactional mail, and all templates together make up one settings
  /// document.
  static let maximumBytes = 64 * 1024

  /// Fills in the variables. Throws what is wrong with a template that can't be parsed.
  func render(_ variables: [String: String]) throws(Template.SyntaxError) -> Rendered {
    Rendered(
      subject: try Template(subject, escaping: .none).render(variables),
      text: try Template(text, escaping: .none).render(variables),
      html: try renderHTML(variables)
    )
  }

  private func renderHTML(_ variables: [String: String]) throws(Template.SyntaxError) -> String? {
    guard let html else { return nil }
    return try Template(html, escaping: .html).render(variables)
  }

  /// What is wrong with it as a template of `kind`, by field.
  func violations(as kind: MailTemplateKind) -> [FieldViolation] {
    var violations: [FieldViolation] = []
    func check(_ field: String, _ template: String, shows variables: [String]) {
      func add(_ description: String) {
        violations.add(field, description)
      }
      guard !template.isEmpty else { return add("must not be empty") }
      guard template.utf8.count <= Self.maximumBytes else {
        return add("must not be longer than \(Self.maximumBytes) bytes")
      }
      do {
        let parsed = try Template(template, escaping: .none)
        let rendered = parsed.render(
          Dictionary(uniqueKeysWithValues: variables.map { ($0, Self.probe($0)) })
        )
        for variable in variables where !rendered.contains(Self.probe(variable)) {
          add("must contain {{\(variable)}}")
        }
        for name in parsed.names.subtracting(kind.variables).sorted() {
          add("contains {{\(name)}}, which this mail has no value for")
        }
      } catch {
        add("is not a valid template: \(error)")
      }
    }
    check("subject", subject, shows: [])
    violations.check(!subject.contains(where: \.isNewline), "subject", "must be one line")
    check("text", text, shows: kind.variables)
    if let html { check("html", html, shows: kind.variables) }
    return violations
  }

  /// A value that no template contains by itself.
  private static func probe(_ variable: String) -> String { "probe\u{1}\(variable)" }
}
