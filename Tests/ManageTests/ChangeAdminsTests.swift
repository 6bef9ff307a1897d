import FoundationEssentials
import Platform
import Testing
import WorldKit

@testable import Manage

@Suite struct ChangeAdminsTests {
  private let one = Admin.ID(UUID())
  private let two = Admin.ID(UUID())

  @Test func `the last SuperAdmin keeps its role and stays enabled`() throws {
    var last = Administrator(id: one, role: .superAdmin, isDisabled: false)
    for role in Role.allCases where role != .superAdmin {
      #expect(throws: AdministratorError.lastSuperAdmin) {
        try last.changeRole(to: role, among: [one])
      }
    }
    #expect(throws: AdministratorError.lastSuperAdmin) { try last.disable(among: [one]) }
    #expect(last == Administrator(id: one, role: .superAdmin, isDisabled: false))
    try last.changeRole(to: .superAdmin, among: [one])
    try last.changeRole(to: .moderator, among: [one, two])
    #expect(last.role == .moderator)
  }

  @Test func `a disabled SuperAdmin counts for nothing, and others are free to change`() throws {
    var disabled = Administrator(id: one, role: .superAdmin, isDisabled: true)
    try disabled.changeRole(to: .supportBot, among: [two])
    var moderator = Administrator(id: one, role: .moderator, isDisabled: false)
    try moderator.disable(among: [two])
    #expect(moderator.isDisabled)
    moderator.enable()
    #expect(!moderator.isDisabled)
  }

  @Test func `SuperAdmins that remove all of them at the same time leave one`() async throws {
    try await withManage { m async throws in
      let admins = [try await m.logIn(), try await m.logIn(), try await m.logIn()]
      for _ in 0..<5 {
        await withTaskGroup(of: Void.self) { group in
          for (index, admin) in admins.enumerated() {
            group.addTask { try? await m.manage.process(DisableAdmin(id: admin.id), as: admin) }
            let other = admins[(index + 1) % admins.count]
            group.addTask {
              try? await m.manage.process(
                ChangeAdminRole(id: other.id, role: .moderator),
                as: admin
              )
            }
          }
        }
        #expect(
          try await m.world.number(
            "SELECT count(*) FROM manage.admins WHERE role = 'SuperAdmin' AND NOT disabled"
          ) == 1
        )
        try await m.world.execute("UPDATE manage.admins SET disabled = false, role = 'SuperAdmin'")
      }
    }
  }

  @Test
  func
    `a role that is changed counts from the next call on, and who is disabled is out until it is enabled`()
    async throws
  {
    try await withManage { m async throws in
      let root = try await m.logIn()
      let registered = try await m.register(.supportBot)
      let token = try await m.manage.process(LogInAdmin(apiKey: registered.apiKey)).text
      try await m.manage.process(ChangeAdminRole(id: registered.id, role: .moderator), as: root)
      #expect(try await m.manage.verifier(token).role == .moderator)
      try await m.manage.process(DisableAdmin(id: registered.id), as: root)
      await #expect(throws: Unauthenticated("INVALID_ADMIN_TOKEN")) {
        try await m.manage.verifier(token)
      }
      try await m.manage.process(EnableAdmin(id: registered.id), as: root)
      #expect(try await m.manage.verifier(token).id == registered.id)
    }
  }

  @Test(arguments: [Role.moderator, .customerSupport, .supportBot])
  func `only a SuperAdmin changes operators, and who tries is in the audit log`(role: Role)
    async throws
  {
    try await withManage { m async throws in
      let (root, admin) = (try await m.logIn(), try await m.logIn(role))
      await #expect(throws: PermissionDenied.self) {
        try await m.manage.process(ChangeAdminRole(id: admin.id, role: .superAdmin), as: admin)
      }
      await #expect(throws: PermissionDenied.self) {
        try await m.manage.process(DisableAdmin(id: root.id), as: admin)
      }
      await #expect(throws: PermissionDenied.self) {
        try await m.manage.process(EnableAdmin(id: root.id), as: admin)
      }
      m.tick()
      for operation in ["change_role", "disable", "enable"] {
        #expect(try await m.outcomes("manage.admin.\(operation)") == ["denied"])
      }
      await #expect(throws: NotFound("admin")) {
        try await m.manage.process(DisableAdmin(id: m.world.ids.next()), as: root)
      }
      #expect(try await m.outcomes("manage.admin.disable") == ["denied", "failed"])
    }
  }

  @Test func `a SuperAdmin ends anyone's key, others their own, and each sees what it may`()
    async throws
  {
    try await withManage { m async throws in
      let (root, bot, other) = (
        try await m.logIn(), try await m.logIn(.supportBot), try await m.logIn(.customerSupport)
      )
      func keys(of owner: Admin, seenBy admin: Admin) async throws -> [APIKey] {
        try await m.manage.process(ListAPIKeys(owner: owner.id, page: PageRequest()), as: admin)
          .items
      }
      let key = try await keys(of: bot, seenBy: bot)[0].id
      #expect(try await keys(of: bot, seenBy: root).map(\.id) == [key])
      await #expect(throws: PermissionDenied.self) { try await keys(of: bot, seenBy: other) }
      await #expect(throws: PermissionDenied.self) {
        try await m.manage.process(RevokeAPIKey(id: key), as: other)
      }
      #expect(try await m.outcomes("manage.api_key.revoke") == ["denied"])
      m.tick()
      try await m.manage.process(RevokeAPIKey(id: key), as: bot)
      let others = try await keys(of: other, seenBy: other)[0].id
      try await m.manage.process(RevokeAPIKey(id: others), as: root)
      #expect(
        try await m.outcomes("manage.api_key.revoke") == ["denied", "succeeded", "succeeded"]
      )
    }
  }

  @Test func `a rotated key is replaced at once, with its name and end, and only by its owner`()
    async throws
  {
    try await withManage { m async throws in
      let (admin, root) = (try await m.logIn(.supportBot), try await m.logIn())
      let end = World.noon + .seconds(3_600)
      let old = try await m.manage.process(CreateAPIKey(name: "bot", expiresAt: end), as: admin)
      let token = try await m.manage.process(LogInAdmin(apiKey: old.secret)).text
      await #expect(throws: NotFound("apiKey")) {
        try await m.manage.process(RotateAPIKey(id: old.key.id, expiresAt: nil), as: root)
      }
      let new = try await m.manage.process(RotateAPIKey(id: old.key.id, expiresAt: nil), as: admin)
      #expect(new.key.name == "bot" && new.key.expiresAt == end && new.key.id != old.key.id)
      await #expect(throws: Unauthenticated("INVALID_ADMIN_TOKEN")) {
        try await m.manage.verifier(token)
      }
      await #expect(throws: Unauthenticated("INVALID_API_KEY")) {
        try await m.manage.process(LogInAdmin(apiKey: old.secret))
      }
      _ = try await m.manage.process(LogInAdmin(apiKey: new.secret))
      let results = await race(10) {
        try await m.manage.process(RotateAPIKey(id: new.key.id, expiresAt: nil), as: admin)
      }
      #expect(results.succeeded.count == 1)
      #expect(results.failed.allSatisfy { $0 as? NotFound == NotFound("apiKey") })
    }
  }
}
