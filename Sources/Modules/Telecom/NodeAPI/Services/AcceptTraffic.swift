import AgentProtocols
import Platform

/// Stores a node's report with the current factor, before it is acknowledged. Returns nil if there
/// is nothing to store.
///
/// A re-send of the same body changes nothing. If the answer to the node's last report was lost or
/// late, and this report contains that one, only the difference is charged: some agents add what
/// they could not report to the next report. Source: node agents of the XrayR and Xboard-Node
/// families.
struct AcceptTraffic: NodeAgentOperation {
  let agent: NodeAgent
  let report: TrafficReport

  func perform(in telecom: Telecom) async throws -> TrafficReport.Receipt? {
    let now = telecom.clock.now
    let id = report.isEmpty ? nil : try await keep(in: telecom, at: now)
    if NodeAgent.isToBeNoted(now, after: agent.lastPushedAt) {
      try await telecom.process(
        NodeAgent.MarkPushed(now: now, id: agent.id, notedBefore: now - NodeAgent.noteInterval)
      )
    }
    return id.map { TrafficReport.Receipt(report: $0, date: now) }
  }

  private func keep(in telecom: Telecom, at now: Instant) async throws -> TrafficReport.ID {
    let (id, isNew) = try await telecom.transaction { try await store(in: $0, at: now) }
    if isNew, !report.oddRows.isEmpty {
      report.oddRows.reduce(into: [TrafficSetAside.Reason: Int]()) {
        $0[$1.reason, default: 0] += 1
      }.record()
    }
    FaultPoint.reportCommitted.reach()
    return id
  }

  private func store(
    in telecom: InTransaction<Telecom>,
    at now: Instant
  ) async throws -> (TrafficReport.ID, isNew: Bool) {
    let latest = try await telecom.process(
      TrafficReport.LockLatest(
        now: now,
        receivedSince: now - TrafficReport.resendWindow,
        nodeID: agent.id
      )
    )
    let factor = latest.map { CurrentFactor($0).thousandths } ?? agent.factorThousandths
    let charged = latest.flatMap(LostReport.init).flatMap { report.difference(to: $0) }
    let new: TrafficReport.ID = telecom.ids.next()
    let id = try await telecom.process(
      TrafficReport.Accept(
        id: new,
        nodeID: agent.id,
        digest: report.digest,
        users: report.entries.map(\.user),
        uploads: report.entries.map(\.upload),
        downloads: report.entries.map(\.download),
        chargedUploads: charged?.map(\.upload),
        chargedDownloads: charged?.map(\.download),
        factorThousandths: factor,
        receivedAt: now,
        resentAfter: now - TrafficReport.resendWindow
      )
    )
    // Those of a re-send are already set aside.
    if id == new, !report.oddRows.isEmpty {
      try await telecom.process(
        TrafficSetAside.InsertOdd(report, id, of: agent, at: now, telecom.ids)
      )
    }
    return (id, isNew: id == new)
  }
}

extension TrafficSetAside.InsertOdd {
  fileprivate init(
    _ report: TrafficReport,
    _ id: TrafficReport.ID,
    of agent: NodeAgent,
    at now: Instant,
    _ ids: IdentifierSource
  ) {
    let rows = report.oddRows
    self.init(
      reportID: id,
      nodeID: agent.id,
      createdAt: now,
      ids: rows.map { _ in ids.next() },
      nodeUserIDs: rows.map(\.user),
      uploads: rows.map(\.upload),
      downloads: rows.map(\.download),
      reasons: rows.map(\.reason),
      entries: rows.map(\.text)
    )
  }
}

extension CurrentFactor {
  fileprivate init(_ row: TrafficReport.LockLatest.Row) {
    self.init(
      usual: row.factorThousandths,
      schedule: row.factorSchedule,
      minute: row.localMinute
    )
  }
}

extension LostReport {
  /// Nil: the report's answer reached the agent in time, or there is no report.
  fileprivate init?(_ row: TrafficReport.LockLatest.Row) {
    guard row.answered == false, let digest = row.digest, let users = row.users,
      let uploads = row.uploads, let downloads = row.downloads
    else { return nil }
    self.init(
      digest: digest,
      entries: users.indices.map {
        TrafficReport.Entry(user: users[$0], upload: uploads[$0], download: downloads[$0])
      }
    )
  }
}

extension NodeAgent {
  /// How precisely the times of a node's last calls are kept. Each update is a write to its row.
  static let noteInterval = Duration.seconds(30)

  static func isToBeNoted(_ now: Instant, after last: Instant?) -> Bool {
    last.map { now - $0 >= noteInterval } ?? true
  }
}
