/// A message that is ready to send: every field was checked when it was made.
package struct SMTPMessage: Sendable {
  /// Servers must take 100 (RFC 5321 section 4.5.3.1.8), and more need not be accepted.
  package static let maximumRecipients = 100
  /// Of text and HTML together, before encoding. Most servers take 10 MB or more, and encoding adds
  /// a third.
  package static let maximumBodyBytes = 5 * 1024 * 1024

  /// Whom it comes from, in the envelope and in `From`.
  package let from: SMTPAddress
  /// Whom it goes to, in the envelope and in `To`.
  package let to: [SMTPAddress]
  /// Where answers go, if not to `from`.
  package let replyTo: SMTPAddress?
  package let subject: String
  /// The plain text, with any line ends.
  package let text: String
  /// The same as HTML.
  package let html: String?
  /// `local@domain`, without angle brackets. A message that is sent again keeps its id, so that
  /// receivers can tell it's the same.
  package let messageID: String
  /// The `Date` field, in seconds since 1970 UTC.
  package let date: Int64
  /// Further fields in their order, such as `List-Unsubscribe`; not those that the properties above
  /// or MIME stand for.
  package let headers: [Header]

  /// Takes the fields, or throws `SMTPError.invalidField` with the name of one that can't be sent.
  package init(
    from: SMTPAddress,
    to: [SMTPAddress],
    replyTo: SMTPAddress? = nil,
    subject: String,
    text: String,
    html: String? = nil,
    messageID: String,
    date: Int64,
    headers: [Header] = []
  ) throws(SMTPError) {
    self.from = from
    self.to = to
    self.replyTo = replyTo
    self.subject = subject
    self.text = text
    self.html = html
    self.messageID = messageID
    self.date = date
    self.headers = headers
    try validate()
  }

  /// One field of the header.
  package struct Header: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  private static let ownFields: Set<String> = [
    "from", "to", "cc", "bcc", "sender", "reply-to", "subject", "date", "message-id",
    "mime-version", "return-path", "received",
  ]

  private func validate() throws(SMTPError) {
    try from.validate(field: "From")
    guard !to.isEmpty else { throw .invalidField("To", reason: "no recipient") }
    guard to.count <= Self.maximumRecipients else {
      throw .invalidField("To", reason: "more than \(Self.maximumRecipients) recipients")
    }
    for recipient in to { try recipient.validate(field: "To") }
    try replyTo?.validate(field: "Reply-To")
    try validateFieldText(subject, field: "Subject")
    // RFC 5322 section 3.6.4 gives ids the syntax of addresses.
    try SMTPAddress(messageID).validate(field: "Message-ID")
    for header in headers { try validate(header) }
    guard text.utf8.count + (html?.utf8.count ?? 0) <= Self.maximumBodyBytes else {
      throw .invalidField("body", reason: "longer than \(Self.maximumBodyBytes) bytes")
    }
    // RFC 5322 counts years in four digits.
    guard (MailDate.earliest...MailDate.latest).contains(date) else {
      throw .invalidField("Date", reason: "not between 1970 and 9999")
    }
  }

  private func validate(_ header: Header) throws(SMTPError) {
    // RFC 5322 section 3.6.8: printable ASCII but the colon.
    guard !header.name.isEmpty,
      header.name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") })
    else {
      throw .invalidField(header.name.filter { !$0.isNewline }, reason: "malformed name")
    }
    let name = header.name.lowercased()
    guard !Self.ownFields.contains(name), !name.hasPrefix("content-") else {
      throw .invalidField(header.name, reason: "written from the message's own properties")
    }
    try validateFieldText(header.value, field: header.name)
  }
}

extension SMTPMessage {
  /// The header as it is sent, but for what MIME adds.
  var headerFields: [String] {
    var fields = [
      "Date: \(MailDate.format(secondsSince1970: date))",
      HeaderField.addresses("From", [from]),
      HeaderField.addresses("To", to),
    ]
    if let replyTo { fields.append(HeaderField.addresses("Reply-To", [replyTo])) }
    fields += [HeaderField.unstructured("Subject", subject), "Message-ID: <\(messageID)>"]
    fields += headers.map { HeaderField.unstructured($0.name, $0.value) }
    fields.append("Content-Type: multipart/alternative")
    return fields
  }
}
