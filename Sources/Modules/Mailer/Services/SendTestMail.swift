import FieldViolations
import Platform
import SMTP

/// Sends a test mail and returns what the mail server answered, so that an operator can try the
/// settings.
///
/// A mail that may have been accepted when its worker died is sent again with the same Message-ID.
struct SendTestMail: OutwardOperation {
  static let permission = Permission("mailer.test_mail.send", .moderators)
  static let repeats = Repeats.firstAnswer

  let to: String
  let language: String

  /// The caller waits for it. It must be shorter than a claim of an idempotency key, or a repeat
  /// would send a second mail.
  static let deadline = Duration.seconds(60)

  /// What is going to be sent.
  struct Intent: Codable, Sendable {
    let messageID: String
    let to: String
    let language: String
  }

  /// The domain alone: rows of the audit log stay for good, and an address is a person's.
  var target: AuditTarget {
    let isAddress = MailerSettings.refusal(of: SMTPAddress(to)) == nil
    return AuditTarget("mail_domain", isAddress ? String(to.drop { $0 != "@" }.dropFirst()) : "")
  }

  func intend(
    in mailer: InTransaction<Mailer>,
    as admin: Authorized<Self>
  ) async throws -> Intent {
    var violations: [FieldViolation] = []
    if let reason = MailerSettings.refusal(of: SMTPAddress(to)) {
      violations.add("to", "is no address that mail can be sent to: \(reason)")
    }
    violations.check(
      language.isEmpty || MailerSettings.isLanguage(language.lowercased()),
      "language",
      "must be a language tag, e.g. en or pt-BR"
    )
    try violations.throwIfAny()
    let id = mailer.ids.next(MessageID.self)
    return Intent(messageID: "\(id)@\(mailer.settings().domain)", to: to, language: language)
  }

  func reach(_ intent: Intent, from mailer: Mailer) async throws -> SMTPReply {
    let settings = mailer.settings()
    do {
      let content = try MailTemplateKind.test
        .template(for: intent.language, in: settings.templates)
        .render([:])
      let mail = try settings.mail(
        content,
        to: intent.to,
        messageID: intent.messageID,
        at: mailer.clock.now
      )
      let url = try mailer.serverURL(settings)
      return try await mailer.sender.send(mail, over: url, deadline: Self.deadline)
    } catch SMTPError.cancelled {
      throw CancellationError()
    } catch let error as SMTPError {
      throw Failure(error)
    } catch {
      // No server, a URL that is wrong, or a template that can't be parsed: each says so itself.
      throw Failure(isRefused: false, message: "\(error)")
    }
  }

  func conclude(
    _ intent: Intent,
    _ reply: SMTPReply,
    in mailer: InTransaction<Mailer>
  ) async throws -> String {
    reply.description
  }
}

extension SendTestMail {
  /// Why the mail server didn't take the mail. The settings, or the server, must be changed first.
  struct Failure: DomainError, Hashable {
    /// Whether the server answered.
    let isRefused: Bool
    let message: String

    var kind: FailureKind { .failedPrecondition }
    var reason: String { isRefused ? "TEST_MAIL_REFUSED" : "TEST_MAIL_NOT_SENT" }

    init(isRefused: Bool, message: String) {
      self.isRefused = isRefused
      self.message = message
    }

    init(_ error: SMTPError) {
      let isRefused =
        switch error {
        case .rejected, .authentication: true
        case .invalidField, .connection, .tls, .timeout, .cancelled, .overloaded, .closed,
          .library:
          false
        }
      self.init(isRefused: isRefused, message: MailNotSent(error: error).description)
    }
  }
}
