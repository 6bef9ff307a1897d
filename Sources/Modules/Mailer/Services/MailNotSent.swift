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
    case .connection(let reason, _), .tls(let reason), .library(let reason):
      "the mail can't be sent: \(reason)"
    case .timeout: "the mail can't be sent: the mail server took too long"
    case .cancelled: "the mail can't be sent: the sending was cancelled"
    case .overloaded: "the mail can't be sent: too many mails are waiting"
    case .closed: "the mail can't be sent: the worker is stopping"
    }
  }
}

extension SMTPReply {
  /// `550 5.1.1`, without the text.
  fileprivate var codes: String { enhancedCode.map { "\(code) \($0)" } ?? "\(code)" }
}
