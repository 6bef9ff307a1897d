import Subprocess
import SystemPackage

extension LocalServers {
  /// Runs statements one by one with PostgreSQL's own client, as the user that may do everything.
  ///
  /// - Throws: `serverFailed` with what psql said about the first statement that failed.
  package func runSQL(_ statements: [String], in database: String = "helium")
    async throws(StartError)
  {
    guard let server = recipe(of: .postgres) as? PostgresServer else { return }
    try await server.runSQL(statements, in: database)
  }
}

extension PostgresServer {
  func runSQL(_ statements: [String], in database: String) async throws(LocalServers.StartError) {
    // Not /usr/bin/psql, which is a slow wrapper. The statements and the password are kept out of
    // the arguments, which all users see.
    try await Preparation(kind: .postgres, folder: folder, account: account).run(
      [
        programs.appending("psql").string, "--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1", "-h",
        "127.0.0.1", "-p", "\(port)",
        "-U", "helium", "-d", database,
      ],
      input: statements.map { $0 + ";\n" }.joined(),
      environment: ["PGPASSWORD": place.password]
    )
  }
}
