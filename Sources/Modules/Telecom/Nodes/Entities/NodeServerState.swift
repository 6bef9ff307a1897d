import Platform

/// The state of a node server, as far as its agent's calls show it.
struct NodeServerState: Hashable, Sendable {
  let server: NodeServer.ID
  let name: String
  let condition: Condition
  let calls: NodeCalls
  /// Since when documents leave it out; nil: they don't.
  let maintenanceSince: Instant?
  /// When it last reported who is online; nil: not known.
  let lastAliveAt: Instant?
  /// Who is online now; nil: the agent doesn't report this.
  let online: NodeConditions.Alive?
  let status: NodeConditions.Status?
  /// Its recent traffic.
  let throughput: Throughput?
  /// The clients that lead to it, in the order in which documents list them.
  let clients: [ClientState]

  /// What an operator needs to know first. If several apply, the first one counts.
  enum Condition: Hashable, Sendable {
    /// Switched off.
    case disabled
    /// In maintenance, whether it calls or not.
    case maintenance
    /// Its agent has never called.
    case neverSeen
    case online
    /// Its agent has called before, but no longer does.
    case silent
  }

  /// The server's traffic over some minutes.
  struct Throughput: Hashable, Sendable {
    /// Bytes a second, raw.
    let upload: Int64
    let download: Int64
    /// How many had traffic in the last report.
    let users: Int32

    /// Long enough for a few reports. In a shorter window, each would look like a burst.
    static let shortestWindow = Duration.seconds(300)
  }

  /// A client that leads to the server, and whether customers see it.
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

  /// How many calls in a row may be missed before an agent counts as silent.
  private static let lostCalls = 3
  /// Agents that call more often than every minute get as much time as the others.
  private static let shortestSilence = Duration.seconds(180)

  /// Nil: never.
  var lastSeenAt: Instant? {
    guard let lastPulledAt else { return lastPushedAt }
    return max(lastPulledAt, lastPushedAt ?? lastPulledAt)
  }

  /// An agent is silent if it hasn't called for longer than this. It includes the delay with which
  /// calls are recorded.
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
  /// - Parameter calls: the condition if nothing else applies.
  init(enabled: Bool, inMaintenance: Bool, calls: NodeServerState.Condition) {
    self = !enabled ? .disabled : inMaintenance ? .maintenance : calls
  }
}
