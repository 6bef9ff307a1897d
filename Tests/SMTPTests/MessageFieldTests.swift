import Testing

@testable import SMTP

@Suite struct MessageFieldTests {
  @Test func `plain ASCII stays as it is, folded at 78 columns`() {
    #expect(HeaderField.unstructured("Subject", "Your order") == "Subject: Your order")
    #expect(HeaderField.unstructured("Subject", "") == "Subject: ")
    let long = HeaderField.unstructured(
      "Subject",
      Array(repeating: "word", count: 40).joined(separator: " ")
    )
    #expect(long.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 78 })
    #expect(
      long.replacing("\r\n", with: "") == "Subject: "
        + Array(repeating: "word", count: 40).joined(separator: " ")
    )
  }

  @Test(arguments: [
    "Ваш заказ оплачен и доставлен, спасибо", "家族 👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦", "=?UTF-8?B?aW5qZWN0ZWQ=?=", " edges ",
    "two  spaces",
  ])
  func `what isn't plain becomes encoded words of at most 75 characters, split between characters`(
    text: String
  ) {
    let field = HeaderField.unstructured("Subject", text)
    let words = field.dropFirst("Subject: ".count).replacing("\r\n", with: "").split(separator: " ")
    #expect(
      words.allSatisfy { $0.utf8.count <= 75 && $0.hasPrefix("=?UTF-8?B?") && $0.hasSuffix("?=") }
    )
    #expect(field.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 85 })
    #expect(field.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test func `a word too long for a line is encoded`() {
    let field = HeaderField.unstructured("Subject", String(repeating: "x", count: 2000))
    #expect(field.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 85 })
  }

  @Test func `display names are bare, quoted or encoded`() {
    let field = HeaderField.addresses(
      "To",
      [
        SMTPAddress("a@example.com"), SMTPAddress("b@example.com", displayName: "Ann Lee"),
        SMTPAddress("c@example.com", displayName: #"Lee, "Al" \"#),
        SMTPAddress("d@example.com", displayName: "Жан"),
      ]
    )
    #expect(
      field.replacing("\r\n", with: "")
        == #"To: <a@example.com>, Ann Lee <b@example.com>, "Lee, \"Al\" \\" <c@example.com>, =?UTF-8?B?0JbQsNC9?= <d@example.com>"#
    )
  }

  @Test(arguments: [
    (0, "Thu, 01 Jan 1970 00:00:00 +0000"), (1_700_000_000, "Tue, 14 Nov 2023 22:13:20 +0000"),
    (951_782_399, "Mon, 28 Feb 2000 23:59:59 +0000"),
    (951_782_400, "Tue, 29 Feb 2000 00:00:00 +0000"),
    (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 +0000"),
    (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 +0000"),
  ])
  func `dates are those of the calendar`(seconds: Int64, expected: String) {
    #expect(MailDate.format(secondsSince1970: seconds) == expected)
  }

  @Test func `lines end in CRLF however they ended before`() {
    #expect(MailBody("a\nb\r\nc\rd\n\ne").content == "a\r\nb\r\nc\r\nd\r\n\r\ne")
    #expect(MailBody("a\r").content == "a\r\n")
    #expect(MailBody("").content == "")
  }

  @Test func `the encoding is the shorter one`() {
    #expect(MailBody("Nearly all ASCII, déjà vu").encoding == .quotedPrintable)
    #expect(MailBody("Здравствуйте").encoding == .base64)
  }

  @Test func `replies of several lines are one reply`() {
    var parser = SMTPReplyParser()
    parser.receive("250-sink.test\r\n")
    parser.receive("250-SIZE 100\r\n")
    #expect(parser.last == nil)
    parser.receive("250 HELP\r\n")
    #expect(parser.last == SMTPReply(code: 250, text: "sink.test\nSIZE 100\nHELP"))
    parser.receive("550 5.1.1 No such user\r\n")
    #expect(parser.last?.enhancedCode == "5.1.1")
    #expect(parser.last?.description == "550 5.1.1 No such user")
    parser.receive("what is this")
    parser.receive("451\r\n")
    #expect(parser.last == SMTPReply(code: 451, text: ""))
    #expect(parser.last?.enhancedCode == nil)
    for _ in 0..<10_000 { parser.receive("250-" + String(repeating: "x", count: 500)) }
    parser.receive("250 end")
    #expect((parser.last?.text.utf8.count ?? .max) <= 2 * SMTPReplyParser.maximumTextBytes)
  }
}
