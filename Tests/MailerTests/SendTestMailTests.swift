import FieldViolations
import LocalServers
import MailerProtos
import Platform
import SwiftProtobuf
import Synchronization
import TestKit
import Testing
import WorldKit

@testable import Mailer

@Suite struct SendTestMailTests {
  @Test func `a test mail arrives, and the operator reads what the server answered`() async throws {
    try await withMailer { world in
      let admin = try await world.world.admin(.moderator)
      let answer = try await world.sendTestMail(
        .with { ($0.to, $0.language) = ("reader@example.com", "de-AT") },
        as: admin
      )
      #expect(answer.serverAnswer.hasPrefix("250"))
      let mail = try #require(world.sink.messages().first)
      #expect(mail.contains("X-Envelope-To: reader@example.com"))
      #expect(mail.contains("Subject: Testmail"))
      #expect(world.messageIDs().first?.hasSuffix("@localhost>") == true)
      #expect(world.audit.entries.map(\.outcome) == [.begun, .succeeded])
      #expect(world.audit.entries.map(\.target.id) == ["example.com", "example.com"])
    }
  }

  @Test func `a repeat with the same key gets the first answer, and sends no second mail`()
    async throws
  {
    try await withMailer { world in
      let admin = try await world.world.admin()
      let first = try await world.sendTestMail(as: admin, key: "k")
      #expect(try await world.sendTestMail(as: admin, key: "k") == first)
      #expect(world.sink.messages().count == 1)
      #expect(world.audit.entries.map(\.outcome) == [.begun, .succeeded])
      await #expect(throws: IdempotencyError.keyReused) {
        try await world.sendTestMail(.with { $0.to = "other@example.com" }, as: admin, key: "k")
      }
      _ = try await world.sendTestMail(as: admin, key: "another")
      _ = try await world.sendTestMail(as: admin)
      #expect(world.sink.messages().count == 3)
    }
  }

  @Test func `of ten calls with one key side by side one sends the mail`() async throws {
    try await withMailer { world async throws in
      let admin = try await world.world.admin()
      let calls = await race(10) { try await world.sendTestMail(as: admin, key: "k") }
      #expect(Set(calls.succeeded.map(\.serverAnswer)).count == 1)
      #expect(calls.failed.allSatisfy { $0 as? IdempotencyError == .underWay })
      #expect(world.sink.messages().count == 1)
    }
  }

  @Test func `no transaction is open while the mail server is waited for`() async throws {
    let server = try SilentServer()
    var settings = MailerSettings()
    settings.smtpURL = server.url
    // The only connection must be free meanwhile, or nothing could be asked.
    try await withMailer(Settings(fixed: settings), poolSize: 1) { world in
      let admin = try await world.world.admin()
      async let failure = failure { try await world.sendTestMail(as: admin, key: "k") }
      try await server.holdingClient { () async throws in
        let open = """
          SELECT count(*) FROM pg_stat_activity
          WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
          """
        #expect(try await world.world.number(open) == 0)
        #expect(
          try await world.world.number(
            "SELECT count(*) FROM platform.idempotency_keys WHERE intent IS NOT NULL"
          ) == 1
        )
        #expect(world.audit.entries.map(\.outcome) == [.begun])
        await #expect(throws: IdempotencyError.underWay) {
          try await world.sendTestMail(as: admin, key: "k")
        }
      }
      let error = await failure as? SendTestMail.Failure
      #expect(error?.reason == "TEST_MAIL_NOT_SENT")
      #expect(world.audit.entries.map(\.outcome) == [.begun, .failed, .failed])
    }
  }

  private func failure<R>(_ call: @Sendable () async throws -> R) async -> (any Error)? {
    do {
      _ = try await call()
      return nil
    } catch {
      return error
    }
  }

  @Test func `a refusal names the server's codes, is audited, and the key can be used again`()
    async throws
  {
    try await withMailer { world in
      let admin = try await world.world.admin()
      try world.sink.fault(.refuseForGood, next: 1)
      let error = await #expect(throws: SendTestMail.Failure.self) {
        try await world.sendTestMail(as: admin, key: "k")
      }
      #expect(error?.kind == .failedPrecondition)
      #expect(error?.reason == "TEST_MAIL_REFUSED")
      #expect(error?.message == "the mail server refused: 554 5.7.1")
      #expect(world.audit.entries.map(\.outcome) == [.begun, .failed])
      #expect(
        try await world.sendTestMail(as: admin, key: "k").serverAnswer.hasPrefix("250")
      )
      #expect(world.audit.entries.map(\.outcome) == [.begun, .failed, .succeeded])
    }
  }

  @Test
  func `a call whose worker died is made again with the same Message-ID, once its lease is over`()
    async throws
  {
    let current = Mutex(MailerSettings())
    try await withMailer(Settings { current.withLock { $0 } }) { world in
      let admin = try await world.world.admin()
      // The server has the mail, and no answer was stored.
      try world.sink.fault(.dropAfterData, next: 1)
      await #expect(throws: SendTestMail.Failure.self) {
        try await world.sendTestMail(as: admin, key: "k")
      }
      // A worker that dies doesn't give its lease back.
      let end = World.noon + .seconds(120)
      try await world.world.execute(
        """
        UPDATE platform.idempotency_keys
        SET lease_until = 'epoch'::timestamptz + interval '1 microsecond' * \(end.microseconds)
        """
      )
      await #expect(throws: IdempotencyError.underWay) {
        try await world.sendTestMail(as: admin, key: "k")
      }
      current.withLock { $0.fromAddress = "other@example.net" }
      world.world.clock.advance(by: .seconds(121))
      _ = try await world.sendTestMail(as: admin, key: "k")
      #expect(world.messageIDs().count == 2)
      #expect(Set(world.messageIDs()).count == 1)
    }
  }

  @Test(arguments: [
    ("", "en", "to"), ("nobody", "en", "to"), ("a@b@c", "en", "to"),
    ("reader@example.com\r\nBcc: all@example.com", "", "to"),
    ("reader@example.com", "english", "language"), ("reader@example.com", "en_US", "language"),
  ])
  func `a request names the field that is wrong, and nothing is sent`(
    to: String,
    language: String,
    field: String
  ) async throws {
    try await withMailer { world in
      let admin = try await world.world.admin()
      let error = await #expect(throws: InvalidInput.self) {
        try await world.sendTestMail(.with { ($0.to, $0.language) = (to, language) }, as: admin)
      }
      #expect(error?.violations.map(\.field) == [field])
      #expect(world.sink.messages().isEmpty)
      #expect(world.audit.entries.map(\.outcome) == [.failed])
    }
  }

  @Test(arguments: [Role.customerSupport, .supportBot])
  func `only who runs the business may send one`(role: Role) async throws {
    try await withMailer { world in
      let admin = try await world.world.admin(role)
      await #expect(throws: PermissionDenied(permission: SendTestMail.permission)) {
        try await world.sendTestMail(as: admin)
      }
      #expect(world.sink.messages().isEmpty)
      #expect(world.audit.entries.map(\.outcome) == [.denied])
    }
  }

  @Test func `without a mail server the operator is told to set one`() async throws {
    try await withMailer { world in
      let mailer = Mailer(
        database: world.world.database,
        gate: world.mailer.gate,
        clock: world.world.clock.clock,
        ids: world.world.ids,
        accounts: world.reader,
        settings: Settings(fixed: MailerSettings()),
        defaultSMTPURL: nil,
        logger: quietLogger
      )
      let error = await #expect(throws: SendTestMail.Failure.self) {
        try await mailer.process(
          SendTestMail(to: "reader@example.com", language: ""),
          as: world.world.admin()
        )
      }
      #expect(error?.message == "\(NoMailServer())")
    }
  }
}
