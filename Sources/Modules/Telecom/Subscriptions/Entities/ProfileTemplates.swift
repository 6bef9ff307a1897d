import FieldViolations
import Platform
import SubscriptionFormats

/// Operators' own profiles by the name of their format. Each is read once, when the settings are.
package struct ProfileTemplates: Sendable {
  /// As operators wrote them.
  package let texts: [String: String]
  private let profiles: [SubscriptionFormat: ProfileTemplate]
  /// What is wrong with the invalid ones.
  private let problems: [String: String]

  /// Reads the profiles; `violations` tells what is wrong with them.
  package init(_ texts: [String: String] = [:]) {
    var profiles: [SubscriptionFormat: ProfileTemplate] = [:]
    var problems: [String: String] = [:]
    for (name, text) in texts {
      guard let format = SubscriptionFormat(name: name) else {
        problems[name] =
          "is not a format; formats with a template are \(Self.formats.joined(separator: ", "))"
        continue
      }
      do throws(ProfileTemplateError) {
        profiles[format] = try ProfileTemplate(text, for: format)
      } catch {
        problems[name] = error.message
      }
    }
    self.texts = texts
    self.profiles = profiles
    self.problems = problems
  }

  subscript(format: SubscriptionFormat) -> ProfileTemplate? { profiles[format] }

  private static var formats: [String] {
    SubscriptionFormat.all.filter { $0.templateSyntax != nil }.map(\.name)
  }

  /// What is wrong with the profiles, by the names of their formats; the place is part of each
  /// description.
  var violations: [FieldViolation] {
    problems.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) }
  }
}

extension ProfileTemplates: Equatable {
  package static func == (left: ProfileTemplates, right: ProfileTemplates) -> Bool {
    left.texts == right.texts
  }
}

extension ProfileTemplates: Codable {
  package init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode([String: String].self))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(texts)
  }
}
