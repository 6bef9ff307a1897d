import FieldViolations
import Logging
import Manifest
import Platform
import Postgres
import Redis
import Tokens
import WorldKit

@testable import Manage

/// A Manage with the real permissions and audit log.
struct ManageWorld: Sendable {
  let world: World
  let manage: Manage
  /// What other modules offer.
  let ports = Ports()

  struct SampleSettings: ModuleSettings {
    static let module = "sample"

    var limit = 5
    var url = ""

    static let secrets = [SettingsSecret<SampleSettings>("url", \.url) { _ in "user:***@host" }]

    init() {}

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      limit = try values.decodeIfPresent(Int.self, forKey: .limit) ?? limit
      url = try values.decodeIfPresent(String.self, forKey: .url) ?? url
    }

    func violations() -> [FieldViolation] {
      limit > 0 ? [] : [FieldViolation("limit", "must be positive")]
    }
  }

  init(_ world: World) async throws {
    self.world = world
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    // Nothing listens there, and nothing here needs it.
    let redis = RedisClient(
      configuration: try RedisConfiguration(url: "redis://127.0.0.1:1"),
      logger: logger
    )
    let key = try MasterKey(base64: "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=")
    manage = Manage(
      database: world.database,
      gate: world.gate(
        permissions: try PermissionTable(of: Manage.operations),
        audit: DatabaseAuditLog(clock: world.clock.clock, ids: world.ids)
      ),
      clock: world.clock.clock,
      ids: world.ids,
      tokens: await TokenSigner(masterKey: key, purpose: .admin, issuer: "test"),
      settings: SettingsStore(
        [SettingsKind(SampleSettings.self)],
        database: world.database,
        redis: redis,
        sealer: .sample(key),
        logger: logger
      ),
      ports: ports
    )
  }

  /// Makes an operator by an invitation from the machine.
  func register(_ role: Role = .superAdmin, name: String = "Anna") async throws -> RegisteredAdmin {
    let invitation = try await manage.process(IssueInvitation(role: role))
    return try await manage.process(RegisterAdmin(invitationToken: invitation.token, name: name))
  }

  func logIn(_ role: Role = .superAdmin) async throws -> Admin {
    let token = try await manage.process(LogInAdmin(apiKey: register(role).apiKey))
    return try await manage.verifier(token.text)
  }

  /// Lets the next ids be later ones: those of one moment have no order.
  func tick() {
    world.clock.advance(by: .microseconds(1))
  }

  /// The audit rows of an operation, the oldest first.
  func outcomes(_ operation: String) async throws -> [String] {
    let rows = try await world.client.query(
      PostgresQuery("SELECT operation, outcome FROM manage.audit_log ORDER BY id")
    )
    let all = try rows.map {
      (try $0.decode(0, as: String.self), try $0.decode(1, as: String.self))
    }
    return all.filter { $0.0 == operation }.map(\.1)
  }
}

func withManage(_ body: (ManageWorld) async throws -> Void) async throws {
  try await withWorld { world in try await body(ManageWorld(world)) }
}

extension SettingsSealer {
  /// Sealing as the server does it.
  static func sample(_ key: MasterKey) -> SettingsSealer {
    let sealer = SecretSealer(masterKey: key, purpose: "settings")
    return SettingsSealer(
      seal: { sealer.seal($0, context: $1).bytes },
      open: { try sealer.open(SealedSecret(bytes: $0), context: $1) }
    )
  }
}
