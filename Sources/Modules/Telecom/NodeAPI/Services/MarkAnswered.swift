import Logging
import Platform

/// Records that the answer to a report left in time, so that what the agent reports next is new.
/// Does nothing if the report has come again since.
struct MarkAnswered: Operation {
  let receipt: TrafficReport.Receipt

  func perform(in telecom: Telecom) async throws {
    try await telecom.process(
      TrafficReport.MarkAnswered(id: receipt.report, receivedAt: receipt.date)
    )
  }
}

extension Telecom {
  /// Called after an answer has been written, so that no caller waits for it. An answer that can't
  /// be recorded counts as lost.
  func noteAnswer(to receipt: TrafficReport.Receipt, since arrival: Instant) async {
    guard clock.now - arrival <= TrafficReport.answerDeadline else { return }
    do {
      // The answer is still in the connection's buffer. If this process died before sending it, the
      // answer would be lost but recorded as received.
      try await Task.sleep(for: TrafficReport.flushTime)
      try await process(MarkAnswered(receipt: receipt))
    } catch {
      Telemetry.logger.warning(
        "could not record that a node received its answer",
        metadata: [LogKey.error: "\(error)"]
      )
    }
  }
}
