/// What an operator may choose in the documents.
package struct DocumentOptions: Sendable, Hashable {
  /// Host names, with all below them, that clients reach without a proxy: the operator's own, so
  /// that a customer whose subscription has ended can still renew it and refresh the link.
  package let directDomains: [String]
  /// The address that clients fetch through each node to measure its delay. It answers 204.
  package var delayTestURL: String
  /// The operator's own profile, used for documents of its format, or nil for the default one.
  package var template: ProfileTemplate?

  /// What is no host name is left out of `directDomains`.
  package init(
    directDomains: [String] = [],
    delayTestURL: String = "https://www.gstatic.com/generate_204",
    template: ProfileTemplate? = nil
  ) {
    self.directDomains = directDomains.filter(HostName.isDomainName)
    self.delayTestURL = SubscriptionHeader.printable(delayTestURL)
    self.template = template
  }
}
