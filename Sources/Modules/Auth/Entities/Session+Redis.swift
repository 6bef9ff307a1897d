import FoundationEssentials
import Platform
import Redis

/// A log-in: its account, its newest refresh token, and details by which the owner recognises it.
///
/// Earlier versions didn't keep the optional fields; their sessions stay valid.
struct LoginSession: Codable, Hashable, Sendable {
  let account: Account.ID
  var refreshIdentifier: UUID
  var openedAt: Instant?
  var refreshedAt: Instant?
  /// The address and program that requested the newest tokens.
  var remoteAddress: String?
  var userAgent: String?

  /// Longer texts aren't names of programs.
  static let longestUserAgent = 200
}

/// Sessions, in Redis alone: losing it logs everybody out and lets nobody in.
struct Sessions: Sendable {
  /// A session that isn't refreshed within this time ends.
  static let lifetime = Duration.seconds(30 * 86_400)
  /// Nobody has more devices. A program that logs in each time it runs would otherwise fill Redis.
  static let maxOfAccount = 100

  let redis: RedisClient

  /// Keeps a new session; of more than `maxOfAccount` it ends those that were used least recently.
  func store(_ session: LoginSession, id: Session.ID) async throws {
    _ = try await redis.set(Self.key(id), try JSON.encode(session), expiry: Self.lifetime)
    try await index(session.account, id)
    // Listing also removes ended sessions from the index, which would otherwise grow as long as the
    // account is in use.
    for (old, _) in try await all(of: session.account).dropFirst(Self.maxOfAccount) where old != id
    { try await end(old) }
  }

  /// Replaces `old` with `new`; false when the session is no longer `old`, because it was refreshed
  /// or ended in the meantime.
  func replace(_ old: LoginSession, by new: LoginSession, id: Session.ID) async throws -> Bool {
    let lifetime = Self.lifetime.components.seconds
    let replaced = try await redis.evaluate(
      Self.replacement,
      keys: [Self.key(id)],
      arguments: [.bytes(try JSON.encode(old)), .bytes(try JSON.encode(new)), .integer(lifetime)]
    )
    guard replaced.integer == 1 else { return false }
    try await index(new.account, id)
    return true
  }

  /// A read and a write of their own would let two refreshes with one token both succeed, and bring
  /// an ended session back.
  private static let replacement = RedisScript(
    """
    if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
    redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
    return 1
    """
  )

  private func index(_ account: Account.ID, _ id: Session.ID) async throws {
    _ = try await redis.setAdd(Self.indexKey(account), [.text(id.description)])
    _ = try await redis.expire(Self.indexKey(account), after: Self.lifetime)
  }

  func find(_ id: Session.ID) async throws -> LoginSession? {
    guard let bytes = try await redis.get(Self.key(id)) else { return nil }
    return try? JSON.decode(LoginSession.self, from: bytes)
  }

  /// The live sessions of an account, most recently used first.
  func all(of account: Account.ID) async throws -> [(id: Session.ID, session: LoginSession)] {
    let ids = try await redis.setMembers(Self.indexKey(account)).compactMap {
      Session.ID(String(decoding: $0, as: UTF8.self))
    }
    guard !ids.isEmpty else { return [] }
    let found = zip(ids, try await redis.get(ids.map(Self.key)))
    let ended = found.filter { $0.1 == nil }.map { RedisArgument.text($0.0.description) }
    if !ended.isEmpty { _ = try await redis.setRemove(Self.indexKey(account), ended) }
    let living = found.compactMap { id, bytes in
      bytes.flatMap { try? JSON.decode(LoginSession.self, from: $0) }.map { (id: id, session: $0) }
    }
    return living.sorted { one, other in
      (one.session.refreshedAt ?? .init(microseconds: 0), one.id.description)
        > (other.session.refreshedAt ?? .init(microseconds: 0), other.id.description)
    }
  }

  func end(_ id: Session.ID) async throws {
    _ = try await redis.delete([Self.key(id)])
  }

  /// Ends every session of an account.
  func endAll(of account: Account.ID) async throws {
    let ids = try await redis.setMembers(Self.indexKey(account)).map {
      String(decoding: $0, as: UTF8.self)
    }
    _ = try await redis.delete(ids.map { "auth:session:\($0)" } + [Self.indexKey(account)])
  }

  private static func key(_ id: Session.ID) -> String { "auth:session:\(id)" }
  private static func indexKey(_ account: Account.ID) -> String { "auth:sessions:\(account)" }
}
