import Foundation
import Logging
import Testing

@testable import SMTP

/// What a server can do to a message, one server for each test.
@Suite(.serialized) struct SMTPFailureTests {
  @Test func `not now and never are told apart, with the server's words`() async throws {
    let sink = try MailSink()
    let client = try sink.client()
    let later = await client.error(sending: .sample(to: "later@example.com"))
    #expect(later == .rejected(SMTPReply(code: 451, text: "4.3.0 Mailbox busy")))
    #expect(later?.isTransient == true)
    #expect(later?.mayHaveBeenDelivered == false)
    let never = await client.error(sending: .sample(to: "never@example.com"))
    #expect(never == .rejected(SMTPReply(code: 550, text: "5.1.1 No such user\n5.1.1 here")))
    #expect(never?.isTransient == false)
    #expect(never?.reply?.enhancedCode == "5.1.1")
    let spam = await client.error(sending: .sample(to: "refused-content@example.com"))
    #expect(spam == .rejected(SMTPReply(code: 554, text: "5.7.1 Spam")))
    #expect(spam?.mayHaveBeenDelivered == false)
    // A refusal does no harm to the client.
    #expect(await client.error(sending: .sample()) == nil)
    await client.close()
  }

  @Test func `one refused recipient refuses the message`() async throws {
    let sink = try MailSink()
    let client = try sink.client()
    let message = try SMTPMessage(
      from: SMTPAddress("shop@example.com"),
      to: [SMTPAddress("ann@example.com"), SMTPAddress("never@example.com")],
      subject: "Hello",
      text: "Hello",
      messageID: "1@example.com",
      date: 0
    )
    #expect(await client.error(sending: message)?.reply?.code == 550)
    #expect(try sink.messages.isEmpty)
    await client.close()
  }

  @Test func `a server that hangs up within DATA leaves it open whether the message arrived`()
    async throws
  {
    let sink = try MailSink()
    let client = try sink.client()
    let error = await client.error(sending: .sample(to: "hang-up-after-data@example.com"))
    guard case .connection(_, delivery: .possible) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(error?.isTransient == true)
    // It did arrive here, and it wasn't sent twice.
    #expect(try sink.messages.count == 1)
    let early = await client.error(
      sending: .sample(
        to: "hang-up-in-data@example.com",
        text: String(repeating: "x", count: 1_000_000)
      )
    )
    guard case .connection = early else {
      Issue.record("\(String(describing: early))")
      return
    }
    #expect(try sink.messages.count == 1)
    #expect(await client.error(sending: .sample()) == nil)
    await client.close()
  }

  @Test func `a server that is down is a connection error, not a refusal`() async throws {
    let sink = try MailSink()
    let client = try sink.client()
    try await sink.stop()
    let error = await client.error(sending: .sample())
    guard case .connection(let text, delivery: .impossible) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(text.contains("127.0.0.1"))
    #expect(error?.isTransient == true)
    await client.close()
  }

  @Test func `an unknown host is a connection error`() async throws {
    let client = SMTPClient(
      configuration: try SMTPConfiguration(url: "smtp://nowhere.invalid:25?starttls=off"),
      logger: Logger(label: "test")
    )
    let error = await client.error(sending: .sample())
    guard case .connection(_, delivery: .impossible) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    await client.close()
  }

  @Test(arguments: ["stall@example.com", "stall-after-data@example.com"])
  func `the deadline ends a send, and its session with it`(recipient: String) async throws {
    let sink = try MailSink()
    let client = try sink.client { $0.maximumSessions = 1 }
    let error = await client.error(sending: .sample(to: recipient), deadline: .milliseconds(700))
    #expect(error == .timeout(delivery: recipient == "stall@example.com" ? .impossible : .possible))
    #expect(error?.isTransient == true)
    try await sink.waitForEvent("lost")
    #expect(await client.error(sending: .sample()) == nil)
    #expect(try sink.messages.map(\.connection) == [2])
    await client.close()
  }

  @Test func `the deadline ends the wait for a greeting`() async throws {
    let sink = try MailSink(.silent)
    let client = try sink.client()
    #expect(
      await client.error(sending: .sample(), deadline: .milliseconds(300))
        == .timeout(delivery: .impossible)
    )
    await client.close()
  }

  @Test func `the time to connect has a limit of its own`() async throws {
    let sink = try MailSink(.silent)
    let client = try sink.client { $0.connectTimeout = .milliseconds(300) }
    guard case .connection(_, delivery: .impossible) = await client.error(sending: .sample()) else {
      Issue.record("a silent server isn't a connection error")
      return
    }
    await client.close()
  }

  @Test func `the deadline ends the wait for a session`() async throws {
    let sink = try MailSink()
    let client = try sink.client { $0.maximumSessions = 1 }
    async let first = client.error(sending: .sample(to: "stall@example.com"), deadline: .seconds(3))
    try await sink.waitForEvent("stalled")
    #expect(
      await client.error(sending: .sample(), deadline: .milliseconds(100))
        == .timeout(delivery: .impossible)
    )
    #expect(client.waitingCount == 0)
    #expect(await first == .timeout(delivery: .impossible))
    #expect(try sink.messages.isEmpty)
    await client.close()
  }

  @Test(arguments: ["stall@example.com", "stall-after-data@example.com"])
  func `a cancelled send ends its session and tells whether the message may have arrived`(
    recipient: String
  ) async throws {
    let sink = try MailSink()
    let client = try sink.client()
    let error = try await withThrowingTaskGroup(of: SMTPError?.self) { group in
      group.addTask { await client.error(sending: .sample(to: recipient)) }
      try await sink.waitForEvent("stalled")
      group.cancelAll()
      return try await group.next() ?? nil
    }
    #expect(
      error == .cancelled(delivery: recipient == "stall@example.com" ? .impossible : .possible)
    )
    try await sink.waitForEvent("lost")
    #expect(await client.error(sending: .sample()) == nil)
    #expect(try sink.messages.map(\.connection) == [2])
    await client.close()
  }

  @Test func `a caller that was cancelled before sends nothing`() async throws {
    let sink = try MailSink()
    let client = try sink.client()
    let error = await withTaskGroup(of: SMTPError?.self) { group in
      group.cancelAll()
      group.addTask { await client.error(sending: .sample()) }
      return await group.next() ?? nil
    }
    #expect(error == .cancelled(delivery: .impossible))
    #expect(sink.events == [])
    await client.close()
  }
}
