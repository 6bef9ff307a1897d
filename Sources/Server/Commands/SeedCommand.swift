import Platform

extension HeliumProcess {
  /// Fills the database with demo data and `accounts` customers. Existing data stays as it is.
  ///
  /// Throws when the database holds customers and no demo data, unless forced.
  package func seedDemo(accounts: Int, force: Bool) async throws -> DemoInstallation {
    try await withModules { resources, modules in
      guard try await resources.database.isMigrated() else { throw NoSchema() }
      try await resources.database.claimInstallation(
        for: configuration.tenant,
        at: resources.clock.now
      )
      try await modules.settings.refresh()
      var installation = try await DemoData(resources, modules).seed(
        accounts: accounts,
        force: force
      )
      let server = configuration.subscribeListen.localURL(isSecure: configuration.tls != nil)
      installation.customer.subscriptionURL =
        "\(server)/subscribe/\(installation.customer.linkToken)"
      return installation
    }
  }
}

/// The database has no tables yet.
struct NoSchema: Error, CustomStringConvertible {
  var description: String { "the database has no schema: run `helium migrate`" }
}
