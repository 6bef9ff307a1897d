import Foundation
import Manifest
import Platform
import Testing
import WorldKit

@testable import Mailer

@Suite struct MailerAccountPartTests {
  private func part(_ world: MailerWorld) throws -> any AccountPart {
    try #require(world.mailer.accountPart)
  }

  private func exported(
    _ account: Account.ID,
    _ world: MailerWorld
  ) async throws -> [[String: Any]] {
    let bytes = try await part(world).export(account, in: world.world.database)
    let document = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
    return try #require(document?["mails"] as? [[String: Any]])
  }

  @Test func `the facts say how many mails an account got and what became of the last one`()
    async throws
  {
    try await withMailer { world in
      let (part, account) = (try part(world), world.reader.account)
      let none = [AccountFact("mailer.mails", "0"), AccountFact("mailer.last_mail", "none")]
      #expect(try await part.facts(of: account, in: world.world.database) == none)
      try await world.deliver(.code(), as: world.world.ids.next())
      try await world.deliver(.code(to: "other@example.com"), as: world.world.ids.next())
      world.world.clock.advance(by: .seconds(1))
      _ = try await world.lease(world.world.ids.next())
      #expect(
        try await part.facts(of: account, in: world.world.database) == [
          AccountFact("mailer.mails", "2"), AccountFact("mailer.last_mail", "sending"),
        ]
      )
      #expect(try await part.facts(of: world.world.ids.next(), in: world.world.database) == [])
    }
  }

  @Test func `the export has the log of the account's address and of no other`() async throws {
    try await withMailer { world in
      let id: Identifier<MessageID> = world.world.ids.next()
      try await world.deliver(.code(), as: id)
      try await world.deliver(.code(to: "other@example.com"), as: world.world.ids.next())
      let mails = try await exported(world.reader.account, world)
      #expect(mails.map { $0["id"] as? String } == [id.description])
      #expect(mails[0]["template"] as? String == "registration_code")
      #expect(mails[0]["state"] as? String == "sent")
      #expect(mails[0]["create_time"] as? String == "2026-01-15T12:00:00Z")
      let reply = try #require(try await world.delivery(id)).reply
      #expect(mails[0]["smtp_reply"] as? String == reply)
      #expect(try await exported(world.world.ids.next(), world).isEmpty)
    }
  }

  @Test func `a long log is exported whole`() async throws {
    try await withMailer { world in
      try await world.world.execute(
        """
        INSERT INTO mailer.deliveries (message_id, domain, recipient, template, state, attempts, created_at, updated_at)
        SELECT gen_random_uuid(), 'd', 'reader@example.com', 't', 'sent', 1, now(), now()
        FROM generate_series(1, 1001)
        """
      )
      let mails = try await exported(world.reader.account, world)
      #expect(Set(mails.map { $0["id"] as? String }).count == 1_001)
    }
  }

  @Test func `erasing forgets the address and the server's answers, and keeps the rows`()
    async throws
  {
    try await withMailer { world in
      let id: Identifier<MessageID> = world.world.ids.next()
      try await world.deliver(.code(), as: id)
      try await world.deliver(.code(to: "other@example.com"), as: world.world.ids.next())
      let part = try part(world)
      try await world.world.database.transaction { transaction in
        try await part.erase(world.reader.account, in: transaction)
        // One that doesn't exist.
        try await part.erase(world.world.ids.next(), in: transaction)
      }
      #expect(try await exported(world.reader.account, world).isEmpty)
      let row = try #require(try await world.delivery(id))
      #expect(row.state == "sent" && row.reply == nil)
      let counts = "SELECT count(*) FROM mailer.deliveries WHERE recipient ="
      #expect(try await world.world.number("\(counts) ''") == 1)
      #expect(
        try await world.world.number("\(counts) 'other@example.com' AND smtp_reply IS NOT NULL")
          == 1
      )
    }
  }
}
