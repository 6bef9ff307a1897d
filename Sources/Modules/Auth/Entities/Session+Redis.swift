import FoundationEssentials
import Platform
import Redis

/// A log-in: whose it is, and which refresh token is its newest.
struct LoginSession: Codable, Hashable, Sendable {
  let account: Account.ID
  var refreshIdentifier: UUID
}

/// Sessions, in Redis alone: losing it logs everybody out and lets nobody in.
struct Sessions: Sendable {
  /// A session that isn't refreshed for so long ends.
  static let lifetime = Duration.seconds(30 * 86_400)

  let redis: RedisClient

  func store(_ session: LoginSession, id: Session.ID) async throws {
    _ = try await redis.set(Self.key(id), try JSON.encode(session), expiry: Self.lifetime)
    _ = try await redis.setAdd(Self.indexKey(session.account), [.text(id.description)])
    _ = try await redis.expire(Self.indexKey(session.account), after: Self.lifetime)
  }

  func find(_ id: Session.ID) async throws -> LoginSession? {
    guard let bytes = try await redis.get(Self.key(id)) else { return nil }
    return try? JSON.decode(LoginSession.self, from: bytes)
  }

  func end(_ id: Session.ID) async throws {
    _ = try await redis.delete([Self.key(id)])
  }

  /// Ends every session of an account.
  func endAll(of account: Account.ID) async throws {
    let ids = try await redis.setMembers(Self.indexKey(account)).map { String(decoding: $0, as: UTF8.self) }
    _ = try await redis.delete(ids.map { "auth:session:\($0)" } + [Self.indexKey(account)])
  }

  private static func key(_ id: Session.ID) -> String { "auth:session:\(id)" }
  private static func indexKey(_ account: Account.ID) -> String { "auth:sessions:\(account)" }
}
