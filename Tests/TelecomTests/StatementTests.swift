import Testing
import WorldKit

@Suite struct StatementTests {
  @Test func `every statement fits the migrated schema`() async throws {
    #expect(!AllStatements.all.isEmpty)
    #expect(try await problems(of: AllStatements.all, neverNull: Self.neverNull) == [])
  }

  /// The table's CHECK lets an end reason be NULL with `ended_at` only, which the statement excludes.
  private static let neverNull: Set = ["QueueItem.FindLastEnded.end_reason"]
}
