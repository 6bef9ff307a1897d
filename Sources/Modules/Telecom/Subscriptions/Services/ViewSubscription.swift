import Platform

/// What a browser shows of a link. Nil: there is no such link.
struct ViewSubscription: PublicOperation {
  let token: LinkToken
  let host: String?
  let links: LinkReads

  func perform(in telecom: Telecom) async throws -> SubscriptionPage? {
    guard let subscription = try await telecom.subscription(linkedBy: token, links) else {
      return nil
    }
    let settings = telecom.settings()
    return SubscriptionPage(
      subscription: subscription,
      link: settings.link(for: token, host: host),
      settings: settings
    )
  }
}
