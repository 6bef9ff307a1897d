import AgentProtocols
import Platform
import Redis

/// The addresses that use each subscription now, over all nodes. An address is forgotten when its
/// node stops reporting it.
///
/// `telecom:devices:<user>` holds a user's addresses, `telecom:online` the users, both scored with
/// the second in which they lapse.
struct NodeDevices: Sendable {
  let redis: RedisClient
  let clock: WallClock

  /// An address survives one lost report. The minimum keeps it from flickering with agents that
  /// report often.
  static let shortestLifetime = Duration.seconds(120)
  /// If one report has more addresses for a user, it is an attack or a mistake.
  static let maxAddresses = 256
  /// The most users whose devices one answer counts.
  private static let maxUsers = 100_000
  /// Commands sent at once: more would only wait in the client.
  private static let chunk = 1_000

  /// How long an address counts after a report of it.
  static func lifetime(pushInterval: Int32) -> Duration {
    max(shortestLifetime, .seconds(2 * Int(pushInterval)))
  }

  private static let online = "telecom:online"

  private static func key(_ user: Int32) -> String { "telecom:devices:\(user)" }

  /// Records addresses that a node saw, for twice the interval between its reports.
  func record(_ devices: [Int32: Set<DeviceAddress>], pushInterval: Int32) async throws {
    let lifetime = Self.lifetime(pushInterval: pushInterval)
    let now = clock.now.seconds
    let lapse = RedisArgument(now + lifetime.components.seconds)
    var commands: [RedisCommand] = []
    for (user, addresses) in devices where !addresses.isEmpty {
      let key = RedisArgument(redis.prefixed(Self.key(user)))
      let members = addresses.prefix(Self.maxAddresses).flatMap {
        [lapse, RedisArgument($0.text)]
      }
      commands.append(RedisCommand("ZREMRANGEBYSCORE", key, "-inf", RedisArgument(now)))
      commands.append(RedisCommand("ZADD", [key, "GT"] + members))
      commands.append(RedisCommand("EXPIRE", key, RedisArgument(lifetime.components.seconds), "NX"))
      commands.append(RedisCommand("EXPIRE", key, RedisArgument(lifetime.components.seconds), "GT"))
      commands.append(
        RedisCommand(
          "ZADD",
          RedisArgument(redis.prefixed(Self.online)),
          "GT",
          lapse,
          RedisArgument(Int(user))
        )
      )
    }
    guard !commands.isEmpty else { return }
    commands.append(
      RedisCommand(
        "ZREMRANGEBYSCORE",
        RedisArgument(redis.prefixed(Self.online)),
        "-inf",
        RedisArgument(now)
      )
    )
    _ = try await run(commands)
  }

  /// Who is online.
  func users() async throws -> [Int32] {
    let now = Double(clock.now.seconds)
    let members = try await redis.sortedSetRange(
      Self.online,
      scores: (now + 1)...Double.infinity,
      limit: Self.maxUsers
    )
    return members.compactMap { Int32(String(decoding: $0.member, as: UTF8.self)) }
  }

  /// How many addresses each of the users has.
  func counts(of users: [Int32]) async throws -> [Int32: Int] {
    let after = RedisArgument("(\(clock.now.seconds)")
    let replies = try await run(
      users.map {
        RedisCommand("ZCOUNT", RedisArgument(redis.prefixed(Self.key($0))), after, "+inf")
      }
    )
    return Dictionary(uniqueKeysWithValues: zip(users, replies.map { Int($0.integer ?? 0) })).filter
    { $0.value > 0 }
  }

  /// The addresses of each of the users, in the order of text.
  func addresses(of users: [Int32]) async throws -> [Int32: [String]] {
    let after = RedisArgument("(\(clock.now.seconds)")
    let replies = try await run(
      users.map {
        RedisCommand(
          "ZRANGE",
          RedisArgument(redis.prefixed(Self.key($0))),
          after,
          "+inf",
          "BYSCORE"
        )
      }
    )
    let lists = replies.map { reply in
      (reply.elements ?? []).compactMap { $0.bytes.map { String(decoding: $0, as: UTF8.self) } }
        .sorted()
    }
    return Dictionary(uniqueKeysWithValues: zip(users, lists))
  }

  private func run(_ commands: [RedisCommand]) async throws -> [RESPValue] {
    var replies: [RESPValue] = []
    replies.reserveCapacity(commands.count)
    for start in stride(from: 0, to: commands.count, by: Self.chunk) {
      let chunk = Array(commands[start..<min(start + Self.chunk, commands.count)])
      for result in try await redis.pipeline(chunk) { replies.append(try result.get()) }
    }
    return replies
  }
}
