import Testing

/// What a customer pays for: pages through the nodes, with the programs that operators and
/// customers really run.
@Suite struct ProxyTests {
  @Test
  func
    `proxies set up from the node API alone carry pages to clients set up by the link alone, and that is billed`()
    async throws
  {
    try await Installation.withOwn { installation in
      try await Crew.with(of: installation) { crew in
        let pages = try installation.script(
          "proxy_pages",
          [],
          ["INVITATION": try await installation.invitation()]
        )
        try await Business.expectSuccess(of: pages)
        try await crew.stop()
      }
    }
  }
}
