import Platform

extension Telecom {
  /// Rows of one transaction, so that it stays short.
  static let deletionBatch: Int32 = 1_000

  /// Calls `delete`, each time in a transaction of its own, until it deletes fewer rows than the
  /// batch that it may.
  func deleteInBatches(
    _ delete: @Sendable (InTransaction<Telecom>, _ batch: Int32) async throws -> Int
  ) async throws {
    var deleted = Int(Self.deletionBatch)
    while deleted == Int(Self.deletionBatch) {
      deleted = try await transaction { telecom in try await delete(telecom, Self.deletionBatch) }
    }
  }
}
