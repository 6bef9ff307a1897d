import SMTP

/// Why a mail was not sent, as far as a log may say. The text of a mail server often names the
/// reader, so it stays in the delivery log; only the codes are here.
struct MailNotSent: Error, CustomStringConvertible {
  let error: SMTPError

  var description: String {
    switch error {
    case .rejected(let reply): "the mail server refused: \(reply.codes)"
    case .authentication(let reply):
      "the mail server refused the log-in\(reply.map { ": \($0.codes)" } ?? "")"
    case .invalidField(let field, let reason): "the mail can't be sent: \(field): \(reason)"
    case .connection, .tls, .timeout, .cancelled, .overloaded, .closed, .library:
      "the mail can't be sent: \(error)"
    }
  }
}

extension SMTPReply {
  /// `550 5.1.1`, without the text.
  fileprivate var codes: String { enhancedCode.map { "\(code) \($0)" } ?? "\(code)" }
}
