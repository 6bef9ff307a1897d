import FieldViolations
import ManageProtos
import Platform
import Postgres
import SwiftProtobuf
import Testing
import Tokens
import WorldKit

@testable import Manage

@Suite struct SecretTests {
  private func update(_ m: ManageWorld, _ document: String, after version: Int64, as admin: Admin)
    async throws
  {
    _ = try await m.manage.process(
      UpdateSettings(module: "sample", document: Array(document.utf8), version: version),
      as: admin
    )
  }

  private func read(_ m: ManageWorld, as admin: Admin) async throws -> String {
    try await m.asOperator(admin) {
      try await m.answer(GetSettings.self, .with { $0.module = "sample" }).document
    }
  }

  @Test func `a secret of settings is sealed wherever it is stored, and nobody reads it back`()
    async throws
  {
    try await withManage { m async throws in
      let admin = try await m.logIn()
      try await update(m, #"{"url": "user:s3cret@host"}"#, after: 0, as: admin)
      for table in ["settings", "settings_history"] {
        #expect(
          try await m.world.number(
            "SELECT count(*) FROM platform.\(table) WHERE document::text LIKE '%s3cret%'"
          ) == 0
        )
        #expect(
          try await m.world.number(
            "SELECT count(*) FROM platform.\(table) WHERE document->>'url' LIKE 'sealed:%'"
          ) == 1
        )
      }
      #expect(try await read(m, as: admin) == #"{"limit":5,"url":"user:***@host"}"#)
      let versions = try await m.asOperator(admin) {
        try await m.answer(ListSettingsVersions.self, .with { $0.module = "sample" }).versions
      }
      #expect(versions.map(\.document) == [#"{"limit":5,"url":"user:***@host"}"#])
      try await m.manage.settings.refresh()
      #expect(m.manage.settings.current(ManageWorld.SampleSettings.self).url == "user:s3cret@host")
    }
  }

  @Test func `what was read can be sent back with another change, and the secret stays`()
    async throws
  {
    try await withManage { m async throws in
      let admin = try await m.logIn()
      try await update(m, #"{"url": "user:s3cret@host"}"#, after: 0, as: admin)
      try await update(
        m,
        try await read(m, as: admin).replacing("5", with: "7"),
        after: 1,
        as: admin
      )
      try await m.manage.settings.refresh()
      let current = m.manage.settings.current(ManageWorld.SampleSettings.self)
      #expect(current.limit == 7)
      #expect(current.url == "user:s3cret@host")
      try await update(m, #"{"url": ""}"#, after: 2, as: admin)
      #expect(try await read(m, as: admin) == #"{"limit":5,"url":""}"#)
    }
  }

  @Test(arguments: [#"{"url": "user:***@elsewhere"}"#, #"{"url": "***"}"#])
  func
    `a mask in another place than where it was read is refused, so that a secret isn't sent elsewhere`(
      document: String
    ) async throws
  {
    try await withManage { m async throws in
      let admin = try await m.logIn()
      try await update(m, #"{"url": "user:s3cret@host"}"#, after: 0, as: admin)
      let error = await #expect(throws: InvalidInput.self) {
        try await update(m, document, after: 1, as: admin)
      }
      #expect(error?.violations.map(\.field) == ["url"])
    }
  }

  @Test
  func
    `a secret that was sealed with another master key leaves the last settings in effect, and can be set anew`()
    async throws
  {
    try await withManage { m async throws in
      let admin = try await m.logIn()
      try await update(m, #"{"url": "user:s3cret@host"}"#, after: 0, as: admin)
      try await m.manage.settings.refresh()
      let foreign = try MasterKey(base64: "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=")
      let sealed = SecretSealer(masterKey: foreign, purpose: "settings").seal(
        Array("x".utf8),
        context: "sample/url"
      ).bytes.base64URL
      try await m.world.execute(
        "UPDATE platform.settings SET version = 2, document = '{\"url\": \"sealed:\(sealed)\"}'"
      )
      try await m.manage.settings.refresh()
      #expect(m.manage.settings.current(ManageWorld.SampleSettings.self).url == "user:s3cret@host")
      #expect(try await read(m, as: admin) == #"{"limit":5,"url":"***"}"#)
      try await update(m, #"{"url": "user:new@host"}"#, after: 2, as: admin)
      try await m.manage.settings.refresh()
      #expect(m.manage.settings.current(ManageWorld.SampleSettings.self).url == "user:new@host")
    }
  }

  @Test func `a sealed secret is worth nothing in another place`() async throws {
    try await withManage { m async throws in
      let admin = try await m.logIn()
      let key = try MasterKey(base64: "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=")
      let moved = SecretSealer(masterKey: key, purpose: "settings").seal(
        Array("x".utf8),
        context: "mailer/smtp_url"
      ).bytes.base64URL
      let error = await #expect(throws: InvalidInput.self) {
        try await update(m, "{\"url\": \"sealed:\(moved)\"}", after: 0, as: admin)
      }
      #expect(error?.violations.map(\.field) == ["url"])
    }
  }

  @Test
  func
    `keys, rotations and invitations are made once per idempotency key, with one secret, which is stored sealed`()
    async throws
  {
    try await withManage { m async throws in
      let admin = try await m.logIn()
      var secrets: [String] = []
      let keys = await race(10) {
        try await m.asOperator(admin, key: "k") {
          try await m.answer(CreateAPIKey.self, .with { $0.name = "second" })
        }
      }
      #expect(keys.succeeded.count == 10 && Set(keys.succeeded.map(\.secret)).count == 1)
      let made = try #require(keys.succeeded.first)
      secrets.append(made.secret)
      for _ in 0..<2 {
        let request = Helium_Manage_V1_RotateApiKeyRequest.with { $0.id = made.apiKey.id }
        secrets.append(
          try await m.asOperator(admin, key: "r") {
            try await m.answer(RotateAPIKey.self, request).secret
          }
        )
        secrets.append(
          try await m.asOperator(admin, key: "i") {
            try await m.answer(InviteAdmin.self, .with { $0.role = .moderator })
              .invitationToken
          }
        )
      }
      #expect(Set(secrets).count == 3)
      _ = try await m.manage.process(LogInAdmin(apiKey: secrets[1]))
      #expect(try await m.world.number("SELECT count(*) FROM manage.api_keys") == 3)
      #expect(
        try await m.world.number("SELECT count(*) FROM manage.invitations WHERE used_at IS NULL")
          == 1
      )
      #expect(try await m.world.number("SELECT count(*) FROM platform.idempotency_keys") == 3)
      for secret in secrets {
        let holding = """
          SELECT count(*) FROM platform.idempotency_keys
          WHERE position(convert_to('\(secret)', 'UTF8') IN response) > 0
          """
        #expect(try await m.world.number(holding) == 0)
      }
      await #expect(throws: IdempotencyError.keyReused) {
        try await m.asOperator(admin, key: "k") {
          try await m.answer(CreateAPIKey.self, .with { $0.name = "third" })
        }
      }
    }
  }
}
