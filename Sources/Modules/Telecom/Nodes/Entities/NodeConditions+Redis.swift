import AgentProtocols
import Platform
import Redis

/// What agents last reported about their machines and about who is online. It is lost with Redis.
///
/// `telecom:node_status:<node>` holds the status, `telecom:node_alive:<node>` the count of users
/// and addresses.
struct NodeConditions: Sendable {
  let redis: RedisClient
  let clock: WallClock

  /// A status with the moment of its coming.
  struct Status: Codable, Hashable, Sendable {
    let at: Instant
    let status: NodeStatus
    let metrics: NodeMetrics?
  }

  /// Who used a node at the moment of a report.
  struct Alive: Codable, Hashable, Sendable {
    let at: Instant
    let users: Int
    let addresses: Int
  }

  /// Long enough to see how a machine was when it fell silent over a holiday.
  private static let kept = Duration.seconds(7 * 86_400)

  private static func statusKey(_ node: NodeServer.ID) -> String { "telecom:node_status:\(node)" }
  private static func aliveKey(_ node: NodeServer.ID) -> String { "telecom:node_alive:\(node)" }

  func note(_ status: NodeStatus, _ metrics: NodeMetrics?, of node: NodeServer.ID) async throws {
    let status = Status(at: clock.now, status: status, metrics: metrics)
    try await redis.set(Self.statusKey(node), try JSON.encode(status), expiry: Self.kept)
  }

  func note(_ devices: [Int32: Set<DeviceAddress>], of node: NodeServer.ID) async throws {
    let users = devices.values.filter { !$0.isEmpty }
    let alive = Alive(
      at: clock.now,
      users: users.count,
      addresses: users.reduce(into: Set()) { $0.formUnion($1) }.count
    )
    try await redis.set(Self.aliveKey(node), try JSON.encode(alive), expiry: Self.kept)
  }

  /// The last status of each of `nodes` that sent one, and who used it last.
  func latest(of nodes: [NodeServer.ID]) async throws -> [NodeServer.ID: (
    status: Status?, alive: Alive?
  )] {
    guard !nodes.isEmpty else { return [:] }
    let values = try await redis.get(nodes.map(Self.statusKey) + nodes.map(Self.aliveKey))
    var latest: [NodeServer.ID: (status: Status?, alive: Alive?)] = [:]
    for (index, node) in nodes.enumerated() {
      // What an older worker wrote in another form is ignored.
      let status = values[index].flatMap { try? JSON.decode(Status.self, from: $0) }
      let alive = values[nodes.count + index].flatMap { try? JSON.decode(Alive.self, from: $0) }
      latest[node] = (status, alive)
    }
    return latest
  }
}
