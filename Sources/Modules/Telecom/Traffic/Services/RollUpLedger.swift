import Platform

/// Moves the ledger of usage into the hours, in chunks of one transaction each; how many rows it
/// were.
struct RollUpLedger: Operation {
  /// Some tens of milliseconds of work.
  static let chunk: Int32 = 20_000

  func perform(in telecom: Telecom) async throws -> Int64 {
    var total: Int64 = 0
    while true {
      let rolled = try await telecom.transaction { chunk in
        try await chunk.process(UsageLedger.RollUp(batch: Self.chunk))
      }
      total += rolled
      if rolled < Int64(Self.chunk) { return total }
    }
  }
}
