import Contracts
import Logging
import Manifest
import Platform
import Postgres
import TestKit
import WorldKit

@testable import Mailer

/// A mailer whose mails end in a sink.
struct MailerWorld: Sendable {
  let world: World
  let sink: TestMailSink
  let mailer: Mailer
  let audit: RecordingAuditLog
  let reader: OneReader

  func deliver(_ job: SendMail, as id: Identifier<MessageID>, attempt: Int = 1) async throws {
    let message = MessageContext(
      id: id,
      name: SendMail.name,
      correlationID: id.description,
      attempt: attempt
    )
    try await SendMailHandler().handle(job, message: message, in: mailer)
  }

  /// Begins to send the mail of a message as another worker would, and goes no further.
  func lease(_ id: Identifier<MessageID>) async throws -> DeliveryLease? {
    try await DeliveryLease(
      of: id,
      for: ("reader@example.com", "registration_code"),
      domain: "localhost",
      in: mailer
    )
  }

  func delivery(_ id: Identifier<MessageID>) async throws -> (
    state: String, attempts: Int32, reply: String?
  )? {
    var bindings = PostgresBindings()
    bindings.append(id)
    let rows = try await world.client.query(
      PostgresQuery(
        "SELECT state, attempts, smtp_reply FROM mailer.deliveries WHERE message_id = $1",
        bindings
      )
    )
    return try rows.first.map { (try $0.decode(0), try $0.decode(1), try $0.decode(2)) }
  }

  /// The `Message-ID` lines of all mails so far.
  func messageIDs() -> [String] {
    sink.messages().flatMap { $0.split(whereSeparator: \.isNewline) }.filter {
      $0.hasPrefix("Message-ID:")
    }.map(String.init)
  }
}

/// The directory of an installation with one account.
struct OneReader: AccountDirectory {
  let account: Account.ID

  func standing(
    of account: Account.ID,
    in database: DatabaseProcessor
  ) async throws -> AccountStanding? {
    account == self.account ? AccountStanding(isBanned: false) : nil
  }

  func email(of account: Account.ID, in database: DatabaseProcessor) async throws -> String? {
    account == self.account ? "reader@example.com" : nil
  }
}

extension SendMail {
  static func code(
    _ code: String = "135790",
    to: String = "reader@example.com",
    language: String = "en"
  ) -> SendMail {
    SendMail(to: to, template: "registration_code", language: language, variables: ["code": code])
  }
}

func withMailer<R: Sendable>(
  _ settings: Settings<MailerSettings> = Settings(fixed: MailerSettings()),
  poolSize: Int = 20,
  _ body: (MailerWorld) async throws -> R
) async throws -> R {
  try await withTestMailSink { sink in
    try await withWorld(poolSize: poolSize) { world in
      let audit = RecordingAuditLog()
      let reader = OneReader(account: world.ids.next())
      let mailer = Mailer(
        database: world.database,
        gate: world.gate(
          permissions: try PermissionTable(of: Mailer.operations),
          audit: audit
        ),
        clock: world.clock.clock,
        ids: world.ids,
        accounts: reader,
        settings: settings,
        defaultSMTPURL: "\(sink.url)?starttls=off",
        logger: quietLogger
      )
      let result: Result<R, any Error>
      do {
        let place = MailerWorld(
          world: world,
          sink: sink,
          mailer: mailer,
          audit: audit,
          reader: reader
        )
        result = .success(try await body(place))
      } catch {
        result = .failure(error)
      }
      await mailer.sender.close()
      return try result.get()
    }
  }
}

let quietLogger = Logger(label: "helium.test") { _ in SwiftLogNoOpLogHandler() }
