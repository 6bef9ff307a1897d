import Platform

/// The right to send one mail: while it lasts, no other delivery of the message sends it.
///
/// The broker hands a message out again when its connection breaks, also while the first worker is
/// still speaking to the mail server. The lease is extended as long as that worker lives, and
/// lapses soon after its death.
struct DeliveryLease: Sendable {
  /// People wait for mails, so a mail of a worker that died must be retried within seconds. Longer
  /// than the usual pause of a failover.
  static let length = Duration.seconds(5)
  /// Four may be lost before the lease lapses.
  static let heartbeat = Duration.seconds(1)

  let message: Identifier<MessageID>
  /// Which attempt of the message holds it.
  let attempt: Int32
  /// The right part of the mail's Message-ID, the same in every attempt.
  let domain: String
  private let database: DatabaseProcessor

  /// Commits that `mail` is on its way and takes its lease; nil where an earlier delivery of the
  /// message has sent it. Throws `MailUnderWay` while another one is sending it.
  init?(
    of message: Identifier<MessageID>,
    for mail: (to: String, template: String),
    domain: String,
    in mailer: Mailer
  ) async throws {
    let start = Delivery.Start(
      messageID: message,
      domain: domain,
      recipient: mail.to,
      template: mail.template,
      now: mailer.clock.now,
      leaseSeconds: Self.length.inSeconds
    )
    guard let row = try await mailer.process(start) else {
      guard try await mailer.process(Delivery.FindState(messageID: message)) == .sent
      else {
        throw MailUnderWay()
      }
      return nil
    }
    self.message = message
    attempt = row.attempts
    self.domain = row.domain
    database = mailer.database
  }

  /// Runs `body`, and extends the lease meanwhile.
  func held<R: Sendable>(during body: @Sendable @escaping () async throws -> R) async throws -> R {
    try await withThrowingTaskGroup(of: R?.self) { group in
      group.addTask { try await body() }
      group.addTask {
        while (try? await Task.sleep(for: Self.heartbeat)) != nil {
          // Without its lease the mail is still on its way. Aborting now could only lead to a
          // second one.
          _ = try? await database.process(
            Delivery.Extend(
              leaseSeconds: Self.length.inSeconds,
              messageID: message,
              attempts: attempt
            )
          )
        }
        return nil
      }
      defer { group.cancelAll() }
      while let result = try await group.next() {
        if let result { return result }
      }
      throw CancellationError()
    }
  }
}

/// Another delivery of the message is sending the mail, or died a moment ago; a later try finds
/// out.
struct MailUnderWay: Error, CustomStringConvertible {
  var description: String { "another worker is sending this mail" }
}
