package import Contracts
package import Logging
package import Manifest
package import Platform
package import RPCEdge
package import ServiceLifecycle

/// Sends mail: renders templates in the reader's language and hands the result to an SMTP server,
/// each mail once.
///
/// Every mail has a row in `mailer.deliveries`, committed as `sending` before the server is spoken
/// to, under a lease that no second delivery of the message gets past. A mail that may have been
/// accepted when its worker died is sent again with the same Message-ID; one that is known to be
/// sent never is.
package struct Mailer: HeliumModule {
  package static let name = "mailer"

  package var database: DatabaseProcessor
  package let gate: CallGate
  let clock: WallClock
  let ids: IdentifierSource
  let accounts: any AccountDirectory
  let settings: Settings<MailerSettings>
  let defaultSMTPURL: String?
  let sender: SMTPSender

  /// - Parameter defaultSMTPURL: the server to use while the settings name none.
  package init(
    database: DatabaseProcessor,
    gate: CallGate,
    clock: WallClock,
    ids: IdentifierSource,
    accounts: any AccountDirectory,
    settings: Settings<MailerSettings>,
    defaultSMTPURL: String?,
    logger: Logger
  ) {
    self.database = database
    self.gate = gate
    self.clock = clock
    self.ids = ids
    self.accounts = accounts
    self.settings = settings
    self.defaultSMTPURL = defaultSMTPURL
    sender = SMTPSender(logger: logger)
  }

  package init(_ resources: ModuleResources) throws {
    self.init(
      database: resources.database,
      gate: try resources.gate,
      clock: resources.clock,
      ids: resources.ids,
      accounts: try resources.ports.take((any AccountDirectory).self),
      settings: resources.settings.reader(),
      defaultSMTPURL: resources.smtpURL,
      logger: resources.logger
    )
  }

  package static let settingsKind: SettingsKind? = SettingsKind(MailerSettings.self)

  /// `helium.mailer.v1`.
  package static let calls: [ModuleCall<Mailer>] = [.rpc(SendTestMail.self)]

  package var hooks: [Hook] {
    [Hook(SendMailHandler(), in: self, concurrency: Self.mailsAtATime, on: .mailer)]
  }

  package var accountPart: (any AccountPart)? { MailerAccountPart(accounts: accounts) }

  package var schedules: [CronEntry] {
    [CronEntry(PruneDeliveryLog(), in: self)]
  }

  /// As many as the SMTP client has sessions, unless its URL says otherwise: more would only wait
  /// for one.
  private static let mailsAtATime = 4

  /// What speaks to the mail server ends its sessions when the worker stops.
  package func services(of worker: WorkMode) -> [any Service] {
    switch worker {
    case .mailer, .grpc: [sender]
    case .subscribeAPI, .webhookAPI, .nodeAPI, .consumer, .cronExecutor, .all: []
    }
  }
}
