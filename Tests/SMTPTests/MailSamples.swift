import Logging

@testable import SMTP

extension MailSink {
  /// A client of this sink; by default without TLS and log-in.
  func client(_ url: String? = nil, configure: (inout SMTPConfiguration) -> Void = { _ in }) throws
    -> SMTPClient
  {
    var configuration = try SMTPConfiguration(url: url ?? "smtp://127.0.0.1:\(port)?starttls=off")
    configure(&configuration)
    return SMTPClient(
      configuration: configuration,
      logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    )
  }
}

extension SMTPMessage {
  /// A good message to one recipient.
  static func sample(
    to recipient: String = "ann@example.com",
    text: String = "Hello",
    messageID: String = "1@example.com"
  ) -> SMTPMessage {
    do {
      return try SMTPMessage(
        from: SMTPAddress("shop@example.com"),
        to: [SMTPAddress(recipient)],
        subject: "Hello",
        text: text,
        messageID: messageID,
        date: 0
      )
    } catch {
      preconditionFailure("the sample is malformed: \(error)")
    }
  }
}

extension SMTPClient {
  /// The error of a send; nil for a message that was accepted.
  func error(sending message: SMTPMessage, deadline: Duration? = nil) async -> SMTPError? {
    do throws(SMTPError) {
      _ = try await send(message, deadline: deadline)
      return nil
    } catch {
      return error
    }
  }
}
