import Platform
import SMTP

extension MailerSettings {
  /// The right part of Message-IDs.
  var domain: String { String(fromAddress.drop { $0 != "@" }.dropFirst()) }

  /// A mail from the sender that these settings name. Throws which field can't be sent.
  func mail(
    _ content: MailTemplate.Rendered,
    to reader: String,
    messageID: String,
    at instant: Instant
  ) throws(SMTPError) -> SMTPMessage {
    try SMTPMessage(
      from: SMTPAddress(fromAddress, displayName: fromName),
      to: [SMTPAddress(reader)],
      subject: content.subject,
      text: content.text,
      html: content.html,
      messageID: messageID,
      date: instant.seconds,
      headers: Self.headers
    )
  }

  /// Auto-Submitted (RFC 3834) keeps answering machines from answering.
  private static let headers = [SMTPMessage.Header(name: "Auto-Submitted", value: "auto-generated")]

  /// Why no mail can have `address` as its sender or reader; nil: it can.
  static func refusal(of address: SMTPAddress) -> String? {
    do {
      _ = try SMTPMessage(
        from: address,
        to: [address],
        subject: "",
        text: "",
        messageID: "probe@localhost",
        date: 0
      )
      return nil
    } catch .invalidField(_, let reason) {
      return reason
    } catch {
      return "can't be used: \(error)"
    }
  }
}

extension Mailer {
  /// The server that `settings` name, or else the one of the worker's configuration.
  func serverURL(_ settings: MailerSettings) throws(NoMailServer) -> String {
    guard let url = settings.smtpURL.isEmpty ? defaultSMTPURL : settings.smtpURL else {
      throw NoMailServer()
    }
    return url
  }
}

/// Neither the settings nor the worker's configuration name a mail server. Mails wait for one as
/// long as messages are tried again.
struct NoMailServer: Error, CustomStringConvertible {
  var description: String { "no mail server is configured: set smtp_url in the mailer's settings" }
}
