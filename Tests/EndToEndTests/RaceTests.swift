import Testing

/// Many callers who want the same thing at the same moment, over the real workers: it happens once.
@Suite struct RaceTests {
  @Test func `what fifty callers create, pay, redeem or report at once happens once`() async throws
  {
    try await Installation.withOwn { installation in
      try await Crew.with(["grpc", "consumer", "mailer", "node_api"], of: installation) { crew in
        let business = try await Business(in: installation, customers: 2)
        try await business.run("races")
        let ledger = try await business.settle(crew)
        for invariant in Invariant.all {
          let contradictions = try await ledger.contradictions(toBroken: invariant)
          #expect(!contradictions.isEmpty, "what is not noticed: \(invariant.statement)")
        }
      }
    }
  }
}
