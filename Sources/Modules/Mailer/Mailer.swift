import Contracts
package import Logging
package import Platform

/// Sends mail: renders templates in the reader's language and hands the result to an SMTP server,
/// each mail once.
///
/// Every mail has a row in `mailer.deliveries`, committed as `sending` before the server is spoken
/// to, under a lease that no second delivery of the message gets past. A mail that may have been
/// accepted when its worker died is sent again with the same Message-ID; one that is known to be
/// sent never is.
package struct Mailer: Module {
  package var database: DatabaseProcessor
  let clock: WallClock
  let settings: Settings<MailerSettings>
  let defaultSMTPURL: String?
  let sender: SMTPSender

  /// - Parameter defaultSMTPURL: the server to use while the settings name none.
  package init(
    database: DatabaseProcessor,
    clock: WallClock,
    settings: Settings<MailerSettings>,
    defaultSMTPURL: String?,
    logger: Logger
  ) {
    self.database = database
    self.clock = clock
    self.settings = settings
    self.defaultSMTPURL = defaultSMTPURL
    sender = SMTPSender(logger: logger)
  }

  package var hooks: [Hook] {
    [Hook(SendMailHandler(), in: self, concurrency: Self.mailsAtATime)]
  }

  package var cronEntries: [CronEntry] {
    [CronEntry(PruneDeliveryLog(), in: self)]
  }

  package static let settingsKind = SettingsKind(MailerSettings.self)

  /// As many as the SMTP client has sessions, unless its URL says otherwise: more would only wait
  /// for one.
  private static let mailsAtATime = 4

  /// Ends the sessions with the mail server, after the mails on their way; call it when the hooks
  /// have stopped.
  package func close() async {
    await sender.close()
  }
}
