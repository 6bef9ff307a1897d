import Testing

/// What a customer sees who opens the link in a browser.
@Suite struct PageTests {
  @Test
  func
    `a browser shows the page of a link whole: on phones and desktops, dark, without scripts, in every state`()
    async throws
  {
    try await Installation.withOwn { installation in
      let workers = ["grpc", "subscribe_api", "node_api", "consumer", "mailer", "cron_executor"]
      try await Crew.with(workers, of: installation) { crew in
        let variables = [
          "INVITATION": try await installation.invitation(),
          // Where people look at what the browser drew; each run replaces it.
          "SCREENSHOTS": "\(Installation.repository)/.build/screenshots",
        ]
        try await Business.expectSuccess(
          of: installation.script("subscription_page", [], variables)
        )
        try await crew.stop()
      }
    }
  }
}
