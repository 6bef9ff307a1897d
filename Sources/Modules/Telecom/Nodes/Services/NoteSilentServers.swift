import Contracts
import Platform

/// Announces which node servers fell silent, and which call again. A server that falls silent
/// during maintenance isn't announced.
struct NoteSilentServers: Operation {
  func perform(in telecom: InTransaction<Telecom>) async throws {
    let now = telecom.clock.now
    for row in try await telecom.process(NodeServerState.ListSeen()) {
      let calls = NodeCalls(
        lastPulledAt: row.lastPulledAt,
        lastPushedAt: row.lastPushedAt,
        pullInterval: row.pullInterval,
        pushInterval: row.pushInterval
      )
      let isSilent = calls.condition(at: now) == .silent
      guard let lastSeenAt = calls.lastSeenAt, isSilent != (row.silentSince != nil),
        !isSilent || row.maintenanceSince == nil
      else {
        continue
      }
      // None: another worker noted the same, and announces it.
      guard
        try await telecom.process(
          NodeServer.SetSilence(silentSince: isSilent ? lastSeenAt : nil, id: row.id)
        ) == 1
      else { continue }
      if isSilent {
        try await telecom.publish(
          NodeServerSilenced(server: row.id, name: row.name, since: lastSeenAt)
        )
      } else if let since = row.silentSince {
        try await telecom.publish(
          NodeServerRecovered(
            server: row.id,
            name: row.name,
            silentSince: since,
            at: lastSeenAt,
            reason: .called
          )
        )
      }
    }
  }
}

extension InTransaction<Telecom> {
  /// Announces that a silent server has been switched off or deleted.
  func publishEndOfSilence(
    of row: NodeServer.Row,
    at now: Instant,
    _ reason: NodeServerRecovered.Reason
  ) async throws {
    guard let since = row.silentSince else { return }
    try await publish(
      NodeServerRecovered(
        server: row.id,
        name: row.name,
        silentSince: since,
        at: now,
        reason: reason
      )
    )
  }
}
