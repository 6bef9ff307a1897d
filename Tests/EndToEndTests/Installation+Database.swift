import Foundation
import SystemPackage
import TestKit
import Testing

extension Installation {
  /// Runs `body` with a migrated installation of its own on the servers that all tests share.
  static func withOwn(_ body: (Installation) async throws -> Void) async throws {
    try await withTestDatabase { database in
      try await withTestMailSink { mail in
        let stores = Stores(
          databaseURL: database.url,
          redisURL: try await TestRedis.make().url,
          mqURL: try await TestMessaging.make().url,
          smtpURL: mail.url,
          mailDirectory: mail.directory.string
        )
        let installation = try Installation(stores)
        defer { installation.remove() }
        try await installation.migrate()
        try await body(installation)
      }
    }
  }

  /// Runs SQL on the installation's database; the rows' columns are parted by `|`.
  @discardableResult
  func sql(_ text: String) async throws -> [String] {
    let url = try #require(URLComponents(string: stores.databaseURL))
    let file = folder.appendingPathComponent("\(UUID().uuidString).sql")
    try text.write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    let variables = [
      "PATH": "/usr/bin:/bin", "PGHOST": url.host ?? "", "PGPORT": "\(url.port ?? 5_432)",
      "PGUSER": url.user ?? "",
      "PGPASSWORD": url.password ?? "", "PGDATABASE": String(url.path.dropFirst()),
    ]
    let arguments = [
      "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1", "--file",
      file.path,
    ]
    let result = try await ChildProcess(
      URL(fileURLWithPath: "/usr/bin/psql"),
      arguments,
      environment: variables,
      in: folder
    ).result()
    try #require(result.status == 0, "\(result.error)")
    return result.output.split(separator: "\n").map(String.init)
  }
}
