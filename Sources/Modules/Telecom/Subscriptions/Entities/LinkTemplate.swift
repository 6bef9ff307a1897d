import FieldViolations
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

  /// The host and the port, as requests name them.
  fileprivate var authority: Substring {
    guard let scheme = url.firstRange(of: "://") else { return "" }
    return url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
  }

  static func isWebURL(_ text: String) -> Bool {
    let hasScheme = text.hasPrefix("https://") || text.hasPrefix("http://")
    return hasScheme && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
  }

  /// What is wrong with the template, by its own fields.
  var violations: [FieldViolation] {
    var violations: [FieldViolation] = []
    violations.check(!name.isEmpty, "name", "must not be empty")
    violations.check(
      Self.isWebURL(url)
        && url.split(separator: Self.placeholder, omittingEmptySubsequences: false).count == 2,
      "url",
      "must be a URL with http:// or https:// and one \(Self.placeholder)"
    )
    return violations
  }
}

extension TelecomSettings {
  /// The link of a subscription on the domain that `host` names, or else on the first one.
  ///
  /// - Parameter format: the name of the format that the link itself asks for; nil leaves it to the
  ///   client's User-Agent.
  func link(for token: LinkToken, host: String? = nil, format: String? = nil) -> String {
    let host = host?.lowercased()
    let template = links.first { $0.authority.lowercased() == host } ?? links.first
    guard let url = template?.url(for: token) else { return "" }
    guard let format else { return url }
    return "\(url)\(url.contains("?") ? "&" : "?")format=\(format)"
  }
}
