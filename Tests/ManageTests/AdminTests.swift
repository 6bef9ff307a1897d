import FieldViolations
import Platform
import Testing
import Tokens
import WorldKit

@testable import Manage

@Suite struct AdminTests {
  @Test func `an invited operator registers, logs in with the key, and is known by the token`()
    async throws
  {
    try await withManage { m async throws in
      let registered = try await m.register(.moderator)
      let token = try await m.manage.process(LogInAdmin(apiKey: registered.apiKey))
      let admin = try await m.manage.verifier(token.text)
      #expect(admin.id == registered.id)
      #expect(admin.role == .moderator)
      #expect(token.expiresAt == World.noon + .seconds(LogInAdmin.tokenLifetime))
      #expect(
        try await m.world.number(
          "SELECT count(*) FROM manage.admins WHERE last_login_at IS NOT NULL"
        ) == 1
      )
    }
  }

  @Test func `an invitation makes one operator, also when ten callers race`() async throws {
    try await withManage { m async throws in
      let invitation = try await m.manage.process(IssueInvitation(role: .superAdmin))
      let results = await race(10) {
        try await m.manage.process(RegisterAdmin(invitationToken: invitation.token, name: "Anna"))
      }
      #expect(results.succeeded.count == 1)
      #expect(results.failed.allSatisfy { $0 as? InvitationError == .invitationUsed })
      #expect(try await m.world.number("SELECT count(*) FROM manage.admins") == 1)
    }
  }

  @Test func `an invitation ends with its time`() async throws {
    try await withManage { m async throws in
      let late = try await m.manage.process(IssueInvitation(role: .superAdmin))
      let inTime = try await m.manage.process(IssueInvitation(role: .superAdmin))
      m.world.clock.advance(by: Invitation.lifetime - .microseconds(1))
      _ = try await m.manage.process(RegisterAdmin(invitationToken: inTime.token, name: "Anna"))
      m.world.clock.advance(by: .microseconds(1))
      await #expect(throws: InvitationError.invitationExpired) {
        try await m.manage.process(RegisterAdmin(invitationToken: late.token, name: "Anna"))
      }
    }
  }

  @Test func `a token that nobody was given is no invitation`() async throws {
    try await withManage { m async throws in
      for token in ["", "x", m.manage.newToken().text] {
        await #expect(throws: InvitationError.unknownInvitation) {
          try await m.manage.process(RegisterAdmin(invitationToken: token, name: "Anna"))
        }
      }
    }
  }

  @Test(arguments: ["", "two\nlines", "two\r\nlines", String(repeating: "x", count: 101)])
  func `a name is one line of a list's width`(name: String) {
    let error = #expect(throws: InvalidInput.self) {
      try RegisterAdmin(invitationToken: "", name: name)
    }
    #expect(error?.violations.map(\.field) == ["name"])
  }

  @Test func `the database holds neither tokens nor keys`() async throws {
    try await withManage { m async throws in
      let key = try #require(OpaqueToken(try await m.register().apiKey))
      #expect(
        try await m.world.number(
          "SELECT count(*) FROM manage.api_keys WHERE encode(key_hash, 'hex') = '\(key.digest.hexadecimal)'"
        ) == 1
      )
      let secret = try #require([UInt8](base64URL: key.text))
      #expect(
        try await m.world.number(
          "SELECT count(*) FROM manage.api_keys WHERE encode(key_hash, 'hex') = '\(secret.hexadecimal)'"
        ) == 0
      )
    }
  }

  @Test func `a token ends with its time`() async throws {
    try await withManage { m async throws in
      let token = try await m.manage.process(LogInAdmin(apiKey: m.register().apiKey))
      // A minute more for clocks that differ.
      m.world.clock.advance(by: .seconds(LogInAdmin.tokenLifetime + 61))
      await #expect(throws: Unauthenticated("INVALID_ADMIN_TOKEN")) {
        try await m.manage.verifier(token.text)
      }
    }
  }

  @Test func `revoking a key ends its tokens at once, and those of other keys stay`() async throws {
    try await withManage { m async throws in
      let registered = try await m.register()
      let token = try await m.manage.process(LogInAdmin(apiKey: registered.apiKey))
      let admin = try await m.manage.verifier(token.text)
      m.tick()
      let second = try await m.manage.process(
        CreateAPIKey(name: "second", expiresAt: nil),
        as: admin
      )
      let secondToken = try await m.manage.process(LogInAdmin(apiKey: second.secret))
      let keys = try await m.manage.process(
        ListAPIKeys(owner: admin.id, page: PageRequest()),
        as: admin
      ).items
      #expect(keys.map(\.name) == ["first key", "second"])
      try await m.manage.process(RevokeAPIKey(id: keys[0].id), as: admin)
      await #expect(throws: Unauthenticated("INVALID_ADMIN_TOKEN")) {
        try await m.manage.verifier(token.text)
      }
      await #expect(throws: Unauthenticated("INVALID_API_KEY")) {
        try await m.manage.process(LogInAdmin(apiKey: registered.apiKey))
      }
      #expect(try await m.manage.verifier(secondToken.text).id == admin.id)
      await #expect(throws: NotFound("apiKey")) {
        try await m.manage.process(RevokeAPIKey(id: keys[0].id), as: admin)
      }
    }
  }

  @Test func `a key's end is the end of its tokens`() async throws {
    try await withManage { m async throws in
      let admin = try await m.logIn()
      let end = World.noon + .seconds(60)
      let key = try await m.manage.process(CreateAPIKey(name: "short", expiresAt: end), as: admin)
      let token = try await m.manage.process(LogInAdmin(apiKey: key.secret))
      m.world.clock.advance(by: .seconds(60))
      await #expect(throws: Unauthenticated("INVALID_ADMIN_TOKEN")) {
        try await m.manage.verifier(token.text)
      }
      await #expect(throws: Unauthenticated("INVALID_API_KEY")) {
        try await m.manage.process(LogInAdmin(apiKey: key.secret))
      }
      await #expect(throws: InvalidInput.self) {
        try await m.manage.process(CreateAPIKey(name: "over", expiresAt: end), as: admin)
      }
    }
  }

  @Test func `a disabled operator is out at once, and a changed role counts at once`() async throws
  {
    try await withManage { m async throws in
      let registered = try await m.register()
      let token = try await m.manage.process(LogInAdmin(apiKey: registered.apiKey))
      try await m.world.execute("UPDATE manage.admins SET role = 'SupportBot'")
      #expect(try await m.manage.verifier(token.text).role == .supportBot)
      try await m.world.execute("UPDATE manage.admins SET disabled = true")
      await #expect(throws: Unauthenticated("INVALID_ADMIN_TOKEN")) {
        try await m.manage.verifier(token.text)
      }
      await #expect(throws: Unauthenticated("INVALID_API_KEY")) {
        try await m.manage.process(LogInAdmin(apiKey: registered.apiKey))
      }
    }
  }

  @Test(arguments: ["", "x", "e30.e30.e30"])
  func `what is no token is refused`(token: String) async throws {
    try await withManage { m async throws in
      await #expect(throws: Unauthenticated("INVALID_ADMIN_TOKEN")) {
        try await m.manage.verifier(token)
      }
    }
  }
}
