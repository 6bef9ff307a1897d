import Platform

/// Keeps a node's report, with the factor of this moment, before it is acknowledged. A re-send of the same body changes nothing.
struct AcceptTraffic: Operation {
  let agent: NodeAgent
  let report: TrafficReport

  func perform(in telecom: Telecom) async throws {
    let now = telecom.clock.now
    if !report.entries.isEmpty {
      _ = try await telecom.database.process(
        AcceptTrafficReport(
          id: telecom.ids.next(), nodeId: agent.id, digest: report.digest, users: report.entries.map(\.user),
          uploads: report.entries.map(\.upload), downloads: report.entries.map(\.download), factorThousandths: agent.factorThousandths,
          receivedAt: now, resentAfter: now - TrafficReport.resendWindow))
      FaultPoint.reportCommitted.reach()
    }
    if NodeAgent.isToBeNoted(now, after: agent.lastPushedAt) {
      try await telecom.database.process(TouchNodePush(now: now, id: agent.id, notedBefore: now - NodeAgent.noteInterval))
    }
  }
}

extension NodeAgent {
  /// How exact the times of a node's last calls are: each note is a write to its row.
  static let noteInterval = Duration.seconds(30)

  static func isToBeNoted(_ now: Instant, after last: Instant?) -> Bool {
    last.map { now - $0 >= noteInterval } ?? true
  }
}
