import Platform

/// Sends one mail, rendered from a template.
package struct SendMail: Job {
  package static let name = "mailer.send"

  package let to: String
  /// The template's name, e.g. `registration_code`.
  package let template: String
  /// A language tag of BCP 47.
  package let language: String
  package let variables: [String: String]

  package init(to: String, template: String, language: String, variables: [String: String]) {
    self.to = to
    self.template = template
    self.language = language
    self.variables = variables
  }
}
