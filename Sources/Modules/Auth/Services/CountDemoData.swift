import Platform

/// How many customers there are.
package struct DemoAccountCounts: Hashable, Sendable {
  /// Whether there is demo data.
  package let hasDemo: Bool
  /// Those that `SeedDemoAccounts` made.
  package let demo: Int
  /// Those that are no demo data.
  package let others: Int
}

/// Counts the customers that are demo data, and those that are not.
package struct CountDemoData: Operation {
  let email: String

  /// `email` is the address of the first customer of the demo data.
  package init(email: String) {
    self.email = email
  }

  package func perform(in auth: Auth) async throws -> DemoAccountCounts {
    let counts = try await auth.process(DemoData.CountAccounts(first: email))
    return DemoAccountCounts(
      hasDemo: counts.first > 0,
      demo: Int(counts.more),
      others: Int(counts.others)
    )
  }
}
