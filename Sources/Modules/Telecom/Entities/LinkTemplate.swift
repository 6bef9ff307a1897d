import Platform

/// How a subscription's link is written for one of the operator's domains.
package struct LinkTemplate: Codable, Hashable, Sendable {
  /// What customers choose it by.
  package var name: String
  /// A URL with `placeholder` where the token goes.
  package var url: String

  package static let placeholder = "{SUBSCRIBE_TOKEN}"

  package init(name: String, url: String) {
    self.name = name
    self.url = url
  }

  /// The link of one subscription.
  package func url(for token: LinkToken) -> String {
    url.replacing(Self.placeholder, with: token.text)
  }

  static func isWebURL(_ text: String) -> Bool {
    let hasScheme = text.hasPrefix("https://") || text.hasPrefix("http://")
    return hasScheme && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
  }

  /// What is wrong with the template, which is the value of `field`.
  func violations(in field: String) -> [FieldViolation] {
    var violations: [FieldViolation] = []
    if name.isEmpty { violations.append(FieldViolation(field: "\(field).name", description: "must not be empty")) }
    if !Self.isWebURL(url) || url.split(separator: Self.placeholder, omittingEmptySubsequences: false).count != 2 {
      violations.append(
        FieldViolation(field: "\(field).url", description: "must be a URL with http:// or https:// and one \(Self.placeholder)"))
    }
    return violations
  }
}
