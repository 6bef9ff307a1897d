import Foundation
import Logging
import Testing

@testable import SMTP

/// Against a real server, one for each test.
@Suite(.serialized) struct SMTPClientTests {
  @Test func `text and HTML arrive as they were written, in any language`() async throws {
    let sink = try MailSink()
    let client = try sink.client()
    let text =
      "Здравствуйте, Жан!\n\nЗаказ оплачен 🎉\n.\n..two dots\n.one dot\n\ttab  \n"
      + String(repeating: "длинная строка ", count: 400)
    let html =
      "<p>Здравствуйте &amp; <b>спасибо</b> 🎉</p>\n.\n<pre>a = b</pre>"
      + String(repeating: "x", count: 3000)
    let reply = try await client.send(
      SMTPMessage(
        from: SMTPAddress("shop@example.com", displayName: "Магазин «Гелий» 🎈"),
        to: [
          SMTPAddress("jean@example.com", displayName: "Жан, \"Jean\""),
          SMTPAddress("ann@example.com", displayName: "Lee, Ann"),
        ],
        replyTo: SMTPAddress("help@example.com"),
        subject: "Заказ №1 оплачен 🎉 — спасибо, что выбрали нас, и до скорой встречи",
        text: text,
        html: html,
        messageID: "0190-1@example.com",
        date: 1_700_000_000,
        headers: [
          .init(name: "List-Unsubscribe", value: "<https://example.com/u?id=1>"),
          .init(name: "X-Tenant", value: "por defecto ñ"),
        ]
      )
    )
    #expect(reply.code == 250)
    #expect(reply.enhancedCode == "2.0.0")

    let message = try #require(try sink.messages.first)
    #expect(message.mailFrom == "shop@example.com")
    #expect(message.recipients == ["jean@example.com", "ann@example.com"])
    #expect(
      message.headers["subject"]
        == "Заказ №1 оплачен 🎉 — спасибо, что выбрали нас, и до скорой встречи"
    )
    #expect(message.headers["from"] == "Магазин «Гелий» 🎈 <shop@example.com>")
    #expect(
      message.headers["to"] == #""Жан, \"Jean\"" <jean@example.com>, "Lee, Ann" <ann@example.com>"#
    )
    #expect(
      message.headers["reply-to"] == "help@example.com"
        || message.headers["reply-to"] == "<help@example.com>"
    )
    #expect(message.headers["message-id"] == "<0190-1@example.com>")
    #expect(message.headers["date"] == "Tue, 14 Nov 2023 22:13:20 +0000")
    #expect(message.headers["list-unsubscribe"] == "<https://example.com/u?id=1>")
    #expect(message.headers["x-tenant"] == "por defecto ñ")
    #expect(message.headers["mime-version"] == "1.0")
    #expect(message.headers["bcc"] == nil)
    #expect(message.contentType == "multipart/alternative")
    #expect(message.parts.map(\.type) == ["text/plain", "text/html"])
    #expect(message.parts.allSatisfy { $0.disposition == nil })
    #expect(message.parts.map { $0.text.replacing("\r\n", with: "\n") } == [text, html])
    #expect(message.longestLine <= 100)
    #expect(message.isASCII)
    #expect(message.defects == [])
    await client.close()
  }

  @Test func `no text ends a message early or is changed`() async throws {
    let texts = [
      "", ".", ".\n", "..", "a\n.\nb", ".\r\nRCPT TO:<eve@example.com>\r\n",
      "From here\nFrom there", "trailing space \nand tab\t\n",
      "a=3D b =\n", String(repeating: "x", count: 100_000), String(repeating: "å", count: 50_000),
      "--boundary\n--\n", "\u{1}\u{7}",
    ]
    let sink = try MailSink()
    let client = try sink.client()
    for text in texts { _ = try await client.send(.sample(text: text)) }
    let messages = try sink.messages
    #expect(messages.count == texts.count)
    for (message, text) in zip(messages, texts) {
      #expect(
        message.parts.map { $0.text.replacing("\r\n", with: "\n") } == [
          text.replacing("\r\n", with: "\n")
        ]
      )
      #expect(message.longestLine <= 100)
    }
    await client.close()
  }

  @Test func `a session is used again`() async throws {
    let sink = try MailSink()
    let client = try sink.client()
    for index in 0..<5 { _ = try await client.send(.sample(messageID: "\(index)@example.com")) }
    #expect(try await client.verify().code == 250)
    #expect(sink.events == ["connect"])
    await client.close()
    #expect(sink.events.contains("quit"))
  }

  @Test func `a session ends after its number of messages`() async throws {
    let sink = try MailSink()
    let client = try sink.client { $0.messagesPerSession = 2 }
    for index in 0..<5 { _ = try await client.send(.sample(messageID: "\(index)@example.com")) }
    #expect(try sink.messages.map(\.connection) == [1, 1, 2, 2, 3])
    #expect(sink.events.count { $0 == "quit" } == 2)
    await client.close()
    #expect(sink.events.count { $0 == "quit" } == 3)
  }

  @Test func `a session ends when it is idle too long, and the next message gets another`()
    async throws
  {
    let sink = try MailSink()
    let client = try sink.client { $0.idleTimeout = .milliseconds(100) }
    _ = try await client.send(.sample())
    try await sink.waitForEvent("quit")
    _ = try await client.send(.sample())
    #expect(try sink.messages.map(\.connection) == [1, 2])
    await client.close()
  }

  @Test(arguments: ["close-afterwards", "say-goodbye-afterwards"])
  func `a session that the server ended meanwhile is replaced unnoticed`(name: String) async throws
  {
    let sink = try MailSink()
    let client = try sink.client()
    _ = try await client.send(.sample(to: "\(name)@example.com"))
    try await sink.waitForEvent("closed")
    _ = try await client.send(.sample())
    #expect(try sink.messages.map(\.connection) == [1, 2])
    await client.close()
  }

  @Test func `two hundred callers share a few sessions, and each message arrives once`()
    async throws
  {
    let sink = try MailSink()
    let client = try sink.client { $0.maximumSessions = 5 }
    let replies = try await withThrowingTaskGroup(of: Int.self) { group in
      for index in 0..<200 {
        group.addTask {
          try await client.send(.sample(to: "slow@example.com", messageID: "\(index)@example.com"))
            .code
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(replies == Array(repeating: 250, count: 200))
    let messages = try sink.messages
    #expect(messages.count == 200)
    #expect(Set(messages.compactMap { $0.headers["message-id"] }).count == 200)
    #expect(Set(messages.map(\.connection)) == [1, 2, 3, 4, 5])
    #expect(sink.events.count { $0 == "connect" } == 5)
    await client.close()
  }

  @Test func `more callers than may wait are refused, and the others served`() async throws {
    let sink = try MailSink()
    let client = try sink.client {
      $0.maximumSessions = 1
      $0.maximumWaiting = 2
    }
    let outcomes = await withTaskGroup(of: SMTPError?.self) { group in
      for _ in 0..<20 {
        group.addTask { await client.error(sending: .sample(to: "slow@example.com")) }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.count { $0 == nil } >= 3)
    #expect(outcomes.contains(.overloaded))
    #expect(outcomes.allSatisfy { $0 == nil || $0 == .overloaded })
    await client.close()
  }

  @Test func `after closing nothing is sent`() async throws {
    let sink = try MailSink()
    let client = try sink.client()
    _ = try await client.send(.sample())
    await client.close()
    #expect(await client.error(sending: .sample()) == .closed)
    await client.close()
  }

  @Test func `closing lets the message on its way arrive and fails those that wait`() async throws {
    let sink = try MailSink()
    let client = try sink.client { $0.maximumSessions = 1 }
    async let first = client.error(sending: .sample(to: "very-slow@example.com"))
    try await sink.waitForEvent("slow")
    async let second = client.error(sending: .sample())
    for _ in 0..<50 where client.waitingCount == 0 { try await Task.sleep(for: .milliseconds(10)) }
    await client.close()
    #expect(await first == nil)
    #expect(await second == .closed)
    #expect(sink.events.contains("quit"))
  }
}
