import Testing
import WorldKit

@Suite struct StatementTests {
  @Test func `every statement fits the migrated schema`() async throws {
    #expect(!AllStatements.all.isEmpty)
    #expect(try await problems(of: AllStatements.all) == [])
  }
}
