import Platform

/// Whether a node server's agent does its work, as its calls tell.
struct NodeServerState: Hashable, Sendable {
  let server: NodeServer.ID
  let name: String
  let condition: Condition
  let calls: NodeCalls
  /// Since when documents leave it out; nil: they don't.
  let maintenanceSince: Instant?
  /// When it last said whom it serves; nil: that is not known.
  let lastAliveAt: Instant?
  /// Whom it serves now; nil: it says nothing of that.
  let online: NodeConditions.Alive?
  let status: NodeConditions.Status?
  /// What it carried lately.
  let throughput: Throughput?
  /// The ways that lead to it, in the order of documents.
  let clients: [ClientState]

  /// What an operator has to know first. The first that is so.
  enum Condition: Hashable, Sendable {
    /// Switched off.
    case disabled
    /// In maintenance, whether it calls or not.
    case maintenance
    /// Its agent has never called.
    case neverSeen
    case online
    /// Its agent called, and doesn't any more.
    case silent
  }

  /// The server's traffic over some minutes.
  struct Throughput: Hashable, Sendable {
    /// Bytes a second, raw.
    let upload: Int64
    let download: Int64
    /// How many had traffic in the last report.
    let users: Int32

    /// A few reports of usual length: shorter, and each looks like a burst.
    static let shortestWindow = Duration.seconds(300)
  }

  /// A way to the server, and whether customers are led there.
  struct ClientState: Hashable, Sendable {
    let client: NodeClient.ID
    let name: String
    let host: String
    let port: Int32
    let relay: Bool
    /// Its server's, unless it is itself switched off or in maintenance.
    let condition: Condition
  }
}

/// When an agent called last, and how often it should.
struct NodeCalls: Hashable, Sendable {
  let lastPulledAt: Instant?
  let lastPushedAt: Instant?
  /// Seconds.
  let pullInterval: Int32
  let pushInterval: Int32

  /// As many calls may be lost before an agent counts as silent.
  private static let lostCalls = 3
  /// Agents that call more often than each minute are given as long as the others.
  private static let shortestSilence = Duration.seconds(180)

  /// Nil: never.
  var lastSeenAt: Instant? {
    guard let lastPulledAt else { return lastPushedAt }
    return max(lastPulledAt, lastPushedAt ?? lastPulledAt)
  }

  /// Without a call for longer than this it is silent. The moments of calls are noted a little
  /// late.
  var longestQuiet: Duration {
    max(Self.shortestSilence, .seconds(Self.lostCalls * Int(max(pullInterval, pushInterval))))
      + NodeAgent.noteInterval
  }

  func condition(at now: Instant) -> NodeServerState.Condition {
    guard let lastSeenAt else { return .neverSeen }
    return now - lastSeenAt > longestQuiet ? .silent : .online
  }

  /// How far back its throughput is looked for: two reports at least.
  var throughputWindow: Duration {
    max(NodeServerState.Throughput.shortestWindow, .seconds(2 * Int(pushInterval)))
  }
}

extension NodeServerState.Condition {
  /// - Parameter calls: what it is where nothing else is the case.
  init(enabled: Bool, inMaintenance: Bool, calls: NodeServerState.Condition) {
    self = !enabled ? .disabled : inMaintenance ? .maintenance : calls
  }
}
