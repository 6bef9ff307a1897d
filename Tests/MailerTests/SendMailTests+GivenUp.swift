import Contracts
import LocalServers
import Platform
import TestKit
import Testing
import WorldKit

@testable import Mailer

/// Mails that no other try can send.
extension SendMailTests {
  @Test func `a refusal for good is given up and its answer kept`() async throws {
    try await withMailer { world in
      let id: Identifier<MessageID> = world.world.ids.next()
      try world.sink.fault(.refuseForGood, next: 1)
      let error = await #expect(throws: Discard.self) { try await world.deliver(.code(), as: id) }
      #expect(error?.reason == "the mail server refused: 554 5.7.1")
      let delivery = try await world.delivery(id)
      #expect(delivery?.state == "failed")
      #expect(delivery?.reply == "554 5.7.1 Not wanted here")
    }
  }

  @Test func `a mail that was given up can be replayed`() async throws {
    try await withMailer { world in
      let id: Identifier<MessageID> = world.world.ids.next()
      try world.sink.fault(.refuseForGood, next: 1)
      await #expect(throws: Discard.self) { try await world.deliver(.code(), as: id) }
      try await world.deliver(.code(), as: id)
      #expect(try await world.delivery(id)?.state == "sent")
    }
  }

  @Test func `an unknown template is given up by name, and nothing is sent`() async throws {
    try await withMailer { world in
      let job = SendMail(
        to: "reader@example.com",
        template: "birthday",
        language: "en",
        variables: [:]
      )
      let error = await #expect(throws: Discard.self) {
        try await world.deliver(job, as: world.world.ids.next())
      }
      #expect(error?.reason == "there is no mail template birthday")
      #expect(world.sink.messages().isEmpty)
    }
  }

  @Test func `a job without a variable that its template needs is given up`() async throws {
    try await withMailer { world in
      let job = SendMail(
        to: "reader@example.com",
        template: "registration_code",
        language: "en",
        variables: [:]
      )
      let error = await #expect(throws: Discard.self) {
        try await world.deliver(job, as: world.world.ids.next())
      }
      #expect(error?.reason == "the mail template registration_code needs the variable code")
    }
  }

  @Test(arguments: ["nobody", "a@b@c", "reader@example.com\r\nBcc: all@example.com"])
  func `an address that can't be one is given up`(to: String) async throws {
    try await withMailer { world in
      let id: Identifier<MessageID> = world.world.ids.next()
      await #expect(throws: Discard.self) { try await world.deliver(.code(to: to), as: id) }
      let delivery = try await world.delivery(id)
      #expect(delivery?.state == "failed")
      #expect(world.sink.messages().isEmpty)
    }
  }
}
