/// What an operator may choose in the default documents.
package struct DocumentOptions: Sendable, Hashable {
  /// Host names, with all below them, that clients reach without a proxy: the operator's own, so that a customer whose
  /// subscription has ended can still renew it and refresh the link.
  package let directDomains: [String]
  /// The address that clients fetch through each node to measure its delay. It answers 204.
  package var delayTestURL: String

  /// What is no host name is left out of `directDomains`.
  package init(directDomains: [String] = [], delayTestURL: String = "https://www.gstatic.com/generate_204") {
    self.directDomains = directDomains.filter(HostName.isDomainName)
    self.delayTestURL = delayTestURL
  }
}
