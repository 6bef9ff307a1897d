import Glibc
import LocalServers
import Subprocess
import SystemPackage
import TestKit
import Testing

@testable import Postgres

@Suite struct SecurityTests {
  private func failure(_ url: String) async throws -> PostgresClientError? {
    try await withClient(url: url) { client in
      let error = await #expect(throws: PostgresClientError.self) {
        _ = try await client.query(PostgresQuery("SELECT 1"))
      }
      let shared = await #expect(throws: PostgresClientError.self) {
        _ = try await client.pipelined(PostgresQuery("SELECT 1"))
      }
      #expect((error == nil) == (shared == nil))
      #expect(client.statistics == PostgresPoolStatistics())
      return error
    }
  }

  private func replacing(_ url: String, _ part: Substring, _ other: String) -> String {
    url.replacing(part, with: other, maxReplacements: 1)
  }

  private func sqlState(_ error: PostgresClientError?) -> String? {
    if case .connectionFailed(_, let state) = error { state } else { nil }
  }

  private func message(_ error: PostgresClientError?) -> String {
    if case .connectionFailed(let message, _) = error { message } else { "" }
  }

  @Test func `a wrong password, user or database is reported at once`() async throws {
    try await withTestDatabase { database in
      let credentials = try #require(
        database.url.split(separator: "/").dropFirst().first?.split(separator: "@").first
      )
      #expect(
        sqlState(try await failure(replacing(database.url, credentials, "helium:wrong"))) == "28P01"
      )
      #expect(
        sqlState(try await failure(replacing(database.url, credentials, "nobody:wrong"))) == "28P01"
      )
      #expect(sqlState(try await failure(database.url + "_missing")) == "3D000")
      #expect(
        message(try await failure(replacing(database.url, credentials, "helium"))).contains(
          "no password"
        )
      )
    }
  }

  @Test func `TLS that is required of a server without it is an error`() async throws {
    try await withTestDatabase { database async throws in
      #expect(
        message(try await failure(database.url + "?sslmode=require")).contains(
          "does not support SSL"
        )
      )
    }
  }

  @Test
  func `a certificate that nobody vouches for is refused, and accepted where that was asked for`()
    async throws
  {
    try await withSecureServer { url, certificate in
      #expect(
        message(try await failure("\(url)?sslmode=verify-full&sslrootcert=\(other(certificate))"))
          .contains("certificate")
      )
      // Signed by itself and trusted, but for another name.
      #expect(
        message(try await failure("\(url)?sslmode=verify-full&sslrootcert=\(certificate)"))
          .contains("certificate")
      )
      for mode in ["require", "verify-ca&sslrootcert=\(certificate)"] {
        try await withClient(url: "\(url)?sslmode=\(mode)") { client async throws in
          #expect(
            try await client.value(
              PostgresQuery("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"),
              as: Bool.self
            )
          )
          // Larger than a record of TLS and than libpq's buffer, in both directions.
          let large = String(repeating: "é", count: 3 << 20)
          #expect(
            try await client.value(PostgresQuery("SELECT $1", large), as: String.self) == large
          )
          for size in stride(from: 8000, to: 40_000, by: 777) {
            #expect(
              try await client.value(
                PostgresQuery("SELECT repeat('x', $1)", Int32(size)),
                as: String.self
              ).utf8.count == size
            )
          }
        }
      }
    }
  }

  private func other(_ certificate: String) -> String { certificate + ".other" }

  /// Runs a server with a certificate signed by itself, for the name `other.example`.
  private func withSecureServer(_ body: (_ url: String, _ certificate: String) async throws -> Void)
    async throws
  {
    let folder = "/var/tmp/postgres-tls-\(UInt32.random(in: 0 ... .max))"
    mkdir(folder, 0o755)
    let certificate = "\(folder)/server.crt"
    for name in [certificate, other(certificate)] {
      let made = try await Subprocess.run(
        .name("openssl"),
        arguments: [
          "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
          "-days", "2", "-subj", "/CN=other.example",
          "-keyout", "\(folder)/server.key\(name == certificate ? "" : ".other")", "-out", name,
        ],
        output: .discarded,
        error: .discarded
      )
      try #require(made.terminationStatus.isSuccess)
    }
    if geteuid() == 0, let account = getpwnam("postgres") {
      chown("\(folder)/server.key", account.pointee.pw_uid, account.pointee.pw_gid)
    }
    let servers = try await LocalServers.start(
      LocalServers.Options(
        directory: FilePath("\(folder)/servers"),
        kinds: [.postgres],
        isDurable: false,
        removesDirectory: true,
        postgresSettings: [
          "ssl": "on", "ssl_cert_file": certificate, "ssl_key_file": "\(folder)/server.key",
        ]
      )
    )
    let result: Result<Void, any Error>
    do {
      let url = try servers.databaseURL(of: "helium")
      try await body(url, certificate)
      result = .success(())
    } catch { result = .failure(error) }
    await servers.stop()
    _ = try? await Subprocess.run(.name("rm"), arguments: ["-rf", folder], output: .discarded)
    try result.get()
  }
}
