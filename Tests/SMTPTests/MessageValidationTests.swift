import SMTP
import Testing

@Suite struct MessageValidationTests {
  func message(
    from: SMTPAddress = SMTPAddress("shop@example.com"),
    to: [SMTPAddress] = [SMTPAddress("ann@example.com")],
    replyTo: SMTPAddress? = nil,
    subject: String = "Hello",
    text: String = "Hello",
    messageID: String = "1@example.com",
    date: Int64 = 0,
    headers: [SMTPMessage.Header] = []
  ) throws(SMTPError) -> SMTPMessage {
    try SMTPMessage(
      from: from,
      to: to,
      replyTo: replyTo,
      subject: subject,
      text: text,
      messageID: messageID,
      date: date,
      headers: headers
    )
  }

  func field(of body: () throws -> SMTPMessage) -> String? {
    guard
      case .invalidField(let field, let reason)? = #expect(throws: SMTPError.self, performing: body)
    else { return nil }
    #expect(!reason.isEmpty)
    #expect(!SMTPError.invalidField(field, reason: reason).isTransient)
    return field
  }

  @Test(arguments: ["\r\nBcc: eve@example.com", "\nBcc: eve@example.com", "\rX", "\u{2028}X", "\0"])
  func `a line end or control character can't enter any field`(injection: String) {
    let address = SMTPAddress("ann@example.com" + injection)
    let named = SMTPAddress("ann@example.com", displayName: "Ann" + injection)
    #expect(field { try message(from: address) } == "From")
    #expect(field { try message(from: named) } == "From")
    #expect(field { try message(to: [SMTPAddress("bob@example.com"), address]) } == "To")
    #expect(field { try message(to: [named]) } == "To")
    #expect(field { try message(replyTo: named) } == "Reply-To")
    #expect(field { try message(subject: "Hello" + injection) } == "Subject")
    #expect(field { try message(messageID: "1@example.com" + injection) } == "Message-ID")
    #expect(
      field { try message(headers: [.init(name: "X-Order", value: "1" + injection)]) } == "X-Order"
    )
    #expect(field { try message(headers: [.init(name: "X-Order" + injection, value: "1")]) } != nil)
  }

  @Test(arguments: [
    "", "ann", "@example.com", "ann@", "ann@@example.com", "ann@example..com", ".ann@example.com",
    "ann lee@example.com",
    "<ann@example.com>",
    "ann@example.com>", "ann@exa mple.com", "жан@example.com", "ann@пример.рф", "a,b@example.com",
    "\"a b\"@example.com",
    "ann@example.com, eve@example.com", String(repeating: "a", count: 65) + "@example.com",
    "a@" + String(repeating: "a.", count: 130) + "com",
  ])
  func `what is no address is refused`(address: String) {
    #expect(field { try message(to: [SMTPAddress(address)]) } == "To")
  }

  @Test(arguments: [
    "ann+tag@example.com", "o'neil.x_y@mail.example.co.uk", "root@localhost",
    "a@xn--e1afmkfd.xn--p1ai",
  ])
  func `usual addresses are accepted`(address: String) {
    #expect(throws: Never.self) { try message(to: [SMTPAddress(address)]) }
  }

  @Test(arguments: [
    "Bcc", "from", "SUBJECT", "Content-Type", "content-transfer-encoding", "Date", "MIME-Version",
  ])
  func `fields that the message has anyway can't be given twice`(name: String) {
    #expect(field { try message(headers: [.init(name: name, value: "x")]) } == name)
  }

  @Test func `limits have names`() {
    #expect(field { try message(to: []) } == "To")
    #expect(
      field { try message(to: Array(repeating: SMTPAddress("a@example.com"), count: 101)) } == "To"
    )
    #expect(
      field { try message(text: String(repeating: "x", count: SMTPMessage.maximumBodyBytes + 1)) }
        == "body"
    )
    #expect(field { try message(date: -1) } == "Date")
  }
}
