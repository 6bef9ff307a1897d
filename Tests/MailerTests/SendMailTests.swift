import Contracts
import LocalServers
import Platform
import SMTP
import Synchronization
import TestKit
import Testing
import WorldKit

@testable import Mailer

@Suite struct SendMailTests {
  @Test func `a job becomes a mail in the reader's language`() async throws {
    try await withMailer { world in
      let id: Identifier<MessageID> = world.world.ids.next()
      try await world.deliver(.code(language: "de-AT"), as: id)
      let mail = try #require(world.sink.messages().first)
      #expect(mail.contains("X-Envelope-To: reader@example.com"))
      #expect(mail.contains("Subject: Ihr Registrierungscode: 135790"))
      #expect(
        mail.contains("From: Helium <helium@localhost>")
          || mail.contains("From: \"Helium\" <helium@localhost>")
      )
      #expect(mail.contains("Message-ID: <\(id)@localhost>"))
      #expect(mail.contains("text/plain") && mail.contains("text/html"))
      let delivery = try await world.delivery(id)
      #expect(delivery?.state == "sent")
      #expect(delivery?.attempts == 1)
      #expect(delivery?.reply?.hasPrefix("250") == true)
    }
  }

  @Test func `a message that is delivered again is not sent again`() async throws {
    try await withMailer { world in
      let id: Identifier<MessageID> = world.world.ids.next()
      try await world.deliver(.code(), as: id)
      try await world.deliver(.code(), as: id)
      #expect(world.sink.messages().count == 1)
    }
  }

  @Test func `of ten deliveries of one message side by side one sends the mail`() async throws {
    try await withMailer { world async throws in
      let id: Identifier<MessageID> = world.world.ids.next()
      let errors = await withTaskGroup(of: (any Error)?.self) { group in
        for _ in 0..<10 {
          group.addTask {
            do {
              try await world.deliver(.code(), as: id)
              return nil
            } catch {
              return error
            }
          }
        }
        return await group.reduce(into: []) { if let error = $1 { $0.append(error) } }
      }
      #expect(errors.allSatisfy { $0 is MailUnderWay })
      #expect(world.sink.messages().count == 1)
      #expect(try await world.delivery(id)?.state == "sent")
    }
  }

  @Test
  func `a mail that another worker is sending is left to it, and sent once that worker is dead`()
    async throws
  {
    try await withMailer { world in
      let id: Identifier<MessageID> = world.world.ids.next()
      _ = try #require(try await world.lease(id))
      await #expect(throws: MailUnderWay.self) { try await world.deliver(.code(), as: id) }
      #expect(world.sink.messages().isEmpty)
      // Nobody has extended the lease.
      try await world.world.execute(
        "UPDATE mailer.deliveries SET leased_until = clock_timestamp() - interval '1 microsecond'"
      )
      try await world.deliver(.code(), as: id)
      #expect(world.sink.messages().count == 1)
      #expect(try await world.delivery(id)?.attempts == 2)
    }
  }

  @Test func `a lease is extended for as long as its mail is being sent`() async throws {
    try await withMailer { world in
      let id: Identifier<MessageID> = world.world.ids.next()
      let lease = try #require(try await world.lease(id))
      let end = "SELECT (extract(epoch FROM leased_until) * 1000000)::bigint FROM mailer.deliveries"
      let first = try await world.world.number(end)
      let last = try await lease.held {
        while true {
          let now = try await world.world.number(end)
          if now > first { return now }
          try await Task.sleep(for: .milliseconds(50))
        }
      }
      #expect(last > first)
    }
  }

  @Test func `what an attempt finds after its lease has lapsed doesn't end the next one's`()
    async throws
  {
    try await withMailer { world in
      let id: Identifier<MessageID> = world.world.ids.next()
      let stale = try #require(try await world.lease(id))
      try await world.world.execute(
        "UPDATE mailer.deliveries SET leased_until = clock_timestamp() - interval '1 microsecond'"
      )
      _ = try #require(try await world.lease(id))
      func record(_ state: Delivery.State) async throws {
        try await world.mailer.database.process(
          Delivery.Record(
            state: state,
            smtpReply: nil,
            updatedAt: World.noon,
            messageID: id,
            attempts: stale.attempt,
            isSent: state == .sent
          )
        )
      }
      try await record(.failed)
      #expect(try await world.delivery(id)?.state == "sending")
      await #expect(throws: MailUnderWay.self) { try await world.deliver(.code(), as: id) }
      // That it was sent counts, whoever says so.
      try await record(.sent)
      try await world.deliver(.code(), as: id)
      #expect(world.sink.messages().isEmpty)
    }
  }

  @Test func `what may be logged of a refusal has its codes and not its words`() {
    let text = "5.1.1 <reader@example.com>: user unknown"
    #expect(
      "\(MailNotSent(error: .rejected(SMTPReply(code: 550, text: text))))"
        == "the mail server refused: 550 5.1.1"
    )
    #expect(
      "\(MailNotSent(error: .rejected(SMTPReply(code: 450, text: "reader@example.com busy"))))"
        == "the mail server refused: 450"
    )
    let login = MailNotSent(
      error: .authentication(SMTPReply(code: 535, text: "5.7.8 no such user reader@example.com"))
    )
    #expect("\(login)" == "the mail server refused the log-in: 535 5.7.8")
  }

  @Test
  func
    `a mail whose worker died before it was marked as sent is repeated with the same Message-ID`()
    async throws
  {
    let current = Mutex(MailerSettings())
    try await withMailer(Settings { current.withLock { $0 } }) { world in
      let id: Identifier<MessageID> = world.world.ids.next()
      try await world.deliver(.code(), as: id)
      // What such a worker leaves behind: the server has the mail, the row says `sending`.
      try await world.world.execute(
        "UPDATE mailer.deliveries SET state = 'sending', smtp_reply = NULL"
      )
      current.withLock { $0.fromAddress = "other@example.net" }
      try await world.deliver(.code(), as: id)
      let ids = world.messageIDs()
      #expect(ids.count == 2)
      #expect(Set(ids) == ["Message-ID: <\(id)@localhost>"])
      #expect(try await world.delivery(id)?.state == "sent")
      #expect(try await world.delivery(id)?.attempts == 2)
    }
  }

  @Test func `a server that hangs up after taking a mail leaves it in doubt, to be repeated`()
    async throws
  {
    try await withMailer { world in
      let id: Identifier<MessageID> = world.world.ids.next()
      try world.sink.fault(.dropAfterData, next: 1)
      let error = await #expect(throws: MailNotSent.self) {
        try await world.deliver(.code(), as: id)
      }
      #expect(error?.error.mayHaveBeenDelivered == true)
      #expect(try await world.delivery(id)?.state == "sending")
      try await world.deliver(.code(), as: id, attempt: 2)
      #expect(Set(world.messageIDs()).count == 1)
      #expect(try await world.delivery(id)?.state == "sent")
    }
  }

  @Test func `a refusal for now is tried again`() async throws {
    try await withMailer { world in
      let id: Identifier<MessageID> = world.world.ids.next()
      try world.sink.fault(.refuseForNow, next: 1)
      await #expect(throws: MailNotSent.self) { try await world.deliver(.code(), as: id) }
      let refused = try await world.delivery(id)
      #expect(refused?.state == "sending")
      #expect(refused?.reply?.hasPrefix("451") == true)
      try await world.deliver(.code(), as: id, attempt: 2)
      #expect(world.sink.messages().count == 1)
      #expect(try await world.delivery(id)?.state == "sent")
    }
  }

  @Test
  func `after the last try the row says that the mail was given up, and keeps the last answer`()
    async throws
  {
    try await withMailer { world in
      let id: Identifier<MessageID> = world.world.ids.next()
      let last = RetryPolicy.standard.delays.count + 1
      try world.sink.fault(.refuseForNow, next: 2)
      await #expect(throws: MailNotSent.self) {
        try await world.deliver(.code(), as: id, attempt: last - 1)
      }
      #expect(try await world.delivery(id)?.state == "sending")
      await #expect(throws: MailNotSent.self) {
        try await world.deliver(.code(), as: id, attempt: last)
      }
      #expect(try await world.delivery(id)?.state == "failed")
      #expect(try await world.delivery(id)?.reply?.hasPrefix("451") == true)
    }
  }

  @Test func `a mail server that is missing, wrong or away is waited for`() async throws {
    let current = Mutex(MailerSettings())
    try await withMailer(Settings { current.withLock { $0 } }) { world in
      let id: Identifier<MessageID> = world.world.ids.next()
      for url in ["smtp://127.0.0.1:1?starttls=off", "nonsense"] {
        current.withLock { $0.smtpURL = url }
        await #expect(throws: (any Error).self) { try await world.deliver(.code(), as: id) }
        #expect(try await world.delivery(id)?.state == "sending")
      }
      current.withLock { $0.smtpURL = "" }
      try await world.deliver(.code(), as: id, attempt: 2)
      #expect(try await world.delivery(id)?.state == "sent")
    }
  }

  @Test func `a line end in a variable can't add a header`() async throws {
    try await withMailer { world in
      await #expect(throws: Discard.self) {
        try await world.deliver(.code("1\r\nBcc: all@example.com"), as: world.world.ids.next())
      }
      #expect(world.sink.messages().isEmpty)
    }
  }

  @Test func `a new mail server in the settings takes effect with the next mail`() async throws {
    let current = Mutex(MailerSettings())
    try await withMailer(Settings { current.withLock { $0 } }) { world in
      try await world.deliver(.code(), as: world.world.ids.next())
      try await withTestMailSink { second in
        current.withLock { $0.smtpURL = "\(second.url)?starttls=off" }
        try await world.deliver(.code("246801"), as: world.world.ids.next())
        #expect(second.messages().count == 1)
        #expect(world.sink.messages().count == 1)
      }
    }
  }
}
