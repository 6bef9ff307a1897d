import FoundationEssentials
import Testing

@testable import Migrations

@Suite struct EmbeddedMigrationsTests {
  private static let folder =
    #filePath.split(separator: "/").dropLast(3).reduce(into: "") { $0 += "/\($1)" } + "/migrations"

  @Test func `the binary's migrations are the files of the project, byte for byte`() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder).filter {
      $0.hasSuffix(".sql")
    }.sorted()
    #expect(!names.isEmpty)
    let embedded = try Migration.embedded()
    #expect(embedded.map { "\($0.name).sql" } == names, "run make generate")
    for migration in embedded {
      let file = try #require(
        FileManager.default.contents(atPath: "\(Self.folder)/\(migration.name).sql")
      )
      #expect(
        migration.sql == String(decoding: file, as: UTF8.self),
        "run make generate: \(migration.name) differs"
      )
    }
  }
}
