import Contracts
import Platform
import SMTP

/// Renders a mail and hands it to the mail server.
struct SendMailHandler: ExternalJobHandler {
  func handle(_ job: SendMail, message: MessageContext, in mailer: Mailer) async throws {
    let settings = mailer.settings()
    let content = try render(job, settings)
    guard let url = settings.smtpURL.isEmpty ? mailer.defaultSMTPURL : settings.smtpURL else { throw NoMailServer() }
    let started = try await mailer.database.process(
      StartDelivery(
        messageId: message.id, domain: String(settings.fromAddress.drop { $0 != "@" }.dropFirst()), recipient: job.to,
        template: job.template, now: mailer.clock.now))
    // No row: an earlier delivery of this message has sent it.
    guard let domain = started else { return }
    do {
      let mail = try SMTPMessage(
        from: SMTPAddress(settings.fromAddress, displayName: settings.fromName), to: [SMTPAddress(job.to)], subject: content.subject,
        text: content.text, html: content.html, messageID: "\(message.id)@\(domain)", date: mailer.clock.now.seconds,
        headers: Self.headers)
      let reply = try await mailer.sender.send(mail, over: url)
      FaultPoint.mailAccepted.reach()
      try await record(.sent, reply, of: message, in: mailer)
    } catch let error as SMTPError {
      try await settle(error, of: message, in: mailer)
    }
  }

  /// Auto-Submitted (RFC 3834) keeps answering machines from answering.
  private static let headers = [SMTPMessage.Header(name: "Auto-Submitted", value: "auto-generated")]

  private func render(_ job: SendMail, _ settings: MailerSettings) throws -> MailTemplate.Rendered {
    guard let kind = MailTemplateKind(rawValue: job.template) else { throw Discard("there is no mail template \(job.template)") }
    for variable in kind.variables where job.variables[variable] == nil {
      throw Discard("the mail template \(job.template) needs the variable \(variable)")
    }
    do {
      return try kind.template(for: job.language, in: settings.templates).render(job.variables)
    } catch {
      throw Discard("the mail template \(job.template) can't be rendered: \(error)")
    }
  }

  /// Writes down what the server said and decides whether another try makes sense.
  private func settle(_ error: SMTPError, of message: MessageContext, in mailer: Mailer) async throws {
    // A worker that stops gives the message back as it is; the row says `sending`, as after a crash.
    if case .cancelled = error { throw CancellationError() }
    try await record(error.isTransient ? .sending : .failed, error.reply, of: message, in: mailer)
    guard !error.isTransient else { throw error }
    throw Discard(error.reply.map { "the mail server refused: \($0)" } ?? "the mail can't be sent: \(error)")
  }

  private func record(_ state: Delivery.State, _ reply: SMTPReply?, of message: MessageContext, in mailer: Mailer) async throws {
    try await mailer.database.process(
      RecordDelivery(state: state, smtpReply: reply?.description, updatedAt: mailer.clock.now, messageId: message.id))
  }
}

/// Neither the settings nor the worker's configuration name a mail server. Mails wait for one as long as messages are tried again.
struct NoMailServer: Error, CustomStringConvertible {
  var description: String { "no mail server: set smtp_url in the mailer's settings" }
}
