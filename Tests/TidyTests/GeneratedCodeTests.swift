import Foundation
import Testing

@Suite struct GeneratedCodeTests {
  @Test func `every file of statements has its generated Swift`() {
    let generated = Set(SourceTree.swift.filter(\.isGenerated).map(\.path))
    let missing = SourceTree.files.filter { $0.isIn("Entities") && $0.path.hasSuffix(".sql") }
      .map(Self.generatedPath).filter { !generated.contains($0) }
    #expect(missing == [])
  }

  @Test func `every generated file of statements has its SQL`() {
    let expected = Set(
      SourceTree.files.filter { $0.isIn("Entities") && $0.path.hasSuffix(".sql") }.map(
        Self.generatedPath
      )
    )
    let orphans = SourceTree.swift.filter {
      $0.isIn("Entities/Generated") && $0.path.hasSuffix("+Queries.swift")
    }.map(\.path)
      .filter { !expected.contains($0) }
    #expect(orphans == [])
  }

  private static func generatedPath(of file: SourceFile) -> String {
    file.path.dropLast(file.name.count) + "Generated/"
      + file.name.replacing(".sql", with: "+Queries.swift")
  }

  @Test func `a migration is named for its number, module and noun, and no number is used twice`() {
    let names = SourceTree.files.filter { $0.path.hasPrefix("migrations/") }.map(\.name)
    #expect(!names.isEmpty)
    #expect(names.filter { $0.wholeMatch(of: /\d{4}(_[a-z0-9]+){2,}\.sql/) == nil } == [])
    let numbers = names.map { $0.prefix(4) }
    #expect(
      Dictionary(grouping: numbers, by: \.self).filter { $0.value.count > 1 }.keys.sorted() == []
    )
  }
}
