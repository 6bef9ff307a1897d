import Contracts
import Platform
import SMTP

/// Renders a mail and hands it to the mail server.
///
/// What can pass (a 4xx answer, a server that can't be reached, a log-in that is refused, a URL
/// that is wrong) is tried again as long as messages are; what can't (a 5xx answer, an address or a
/// subject that no mail can have) is given up at once. Either way the row says so and keeps the
/// server's answer, and a mail that was given up can be replayed from the dead letters.
struct SendMailHandler: ExternalJobHandler {
  func handle(_ job: SendMail, message: MessageContext, in mailer: Mailer) async throws {
    let settings = mailer.settings()
    let content = try render(job, settings)
    guard
      let lease = try await DeliveryLease(
        of: message.id,
        for: (job.to, job.template),
        domain: settings.domain,
        in: mailer
      )
    else { return }
    do {
      let url = try mailer.serverURL(settings)
      let mail = try settings.mail(
        content,
        to: job.to,
        messageID: "\(message.id)@\(lease.domain)",
        at: mailer.clock.now
      )
      let reply = try await lease.held { try await mailer.sender.send(mail, over: url) }
      FaultPoint.mailAccepted.reach()
      try await record(.sent, reply, of: lease, in: mailer)
    } catch {
      try await settle(error, of: lease, attempt: message.attempt, in: mailer)
    }
  }

  private func render(_ job: SendMail, _ settings: MailerSettings) throws -> MailTemplate.Rendered {
    guard let kind = MailTemplateKind(rawValue: job.template) else {
      throw Discard("there is no mail template \(job.template)")
    }
    for variable in kind.variables where job.variables[variable] == nil {
      throw Discard("the mail template \(job.template) needs the variable \(variable)")
    }
    do {
      return try kind.template(for: job.language, in: settings.templates).render(job.variables)
    } catch {
      throw Discard("the mail template \(job.template) can't be rendered: \(error)")
    }
  }

  /// Records what the server said, and decides whether a retry makes sense.
  private func settle(_ error: any Error, of lease: DeliveryLease, attempt: Int, in mailer: Mailer)
    async throws
  {
    let smtp = error as? SMTPError
    // A worker that stops gives the message back as it is; the row says `sending`, as after a
    // crash.
    if case .cancelled? = smtp { throw CancellationError() }
    let isTransient = smtp?.isTransient ?? true
    let isLastTry = RetryPolicy.standard.decision(after: attempt) == .giveUp
    try await record(
      isTransient && !isLastTry ? .sending : .failed,
      smtp?.reply,
      of: lease,
      in: mailer
    )
    guard let smtp else { throw error }
    let failure = MailNotSent(error: smtp)
    if isTransient { throw failure }
    throw Discard("\(failure)")
  }

  private func record(
    _ state: Delivery.State,
    _ reply: SMTPReply?,
    of lease: DeliveryLease,
    in mailer: Mailer
  ) async throws {
    try await mailer.process(
      Delivery.Record(
        state: state,
        smtpReply: reply?.description,
        updatedAt: mailer.clock.now,
        messageID: lease.message,
        attempts: lease.attempt,
        isSent: state == .sent
      )
    )
  }
}
