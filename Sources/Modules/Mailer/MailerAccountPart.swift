import Contracts
import Manifest
import Platform

/// What the mailer keeps of an account: the log of the mails to its address.
struct MailerAccountPart: AccountPart {
  let accounts: any AccountDirectory

  /// Rows that are read at once.
  private static let chunk = 500

  func facts(of account: Account.ID, in database: DatabaseProcessor) async throws -> [AccountFact] {
    guard let address = try await accounts.email(of: account, in: database) else { return [] }
    let count = try await database.process(Delivery.CountOfRecipient(recipient: address))
    let last = try await database.process(
      Delivery.ListOfRecipient(recipient: address, before: nil, rowLimit: 1)
    ).first
    return [
      AccountFact("mailer.mails", "\(count)"),
      AccountFact("mailer.last_mail", last?.state.rawValue ?? "none"),
    ]
  }

  func export(_ account: Account.ID, in database: DatabaseProcessor) async throws -> [UInt8] {
    guard let address = try await accounts.email(of: account, in: database) else {
      return try AccountDocument.encode(Document(mails: []))
    }
    var rows: [Delivery.ListOfRecipient.Row] = []
    var count = Self.chunk
    while count == Self.chunk {
      let more = try await database.process(
        Delivery.ListOfRecipient(
          recipient: address,
          before: rows.last?.messageID,
          rowLimit: Int32(Self.chunk)
        )
      )
      rows += more
      count = more.count
    }
    return try AccountDocument.encode(Document(mails: rows.map(Document.Mail.init)))
  }

  /// Needs the account's address, so it comes before Auth's part overwrites that.
  func erase(_ account: Account.ID, in transaction: Transaction) async throws {
    guard let address = try await accounts.email(of: account, in: transaction.database) else {
      return
    }
    _ = try await transaction.process(Delivery.ForgetRecipient(recipient: address))
  }
}

/// The mailer's part of an export. Times are in UTC, as ISO 8601 spells them.
private struct Document: Encodable {
  let mails: [Mail]

  struct Mail: Encodable {
    let id: String
    let template: String
    let state: String
    let attempts: Int32
    let smtpReply: String?
    let createTime: String
    let updateTime: String

    init(_ row: Delivery.ListOfRecipient.Row) {
      id = row.messageID.description
      template = row.template
      state = row.state.rawValue
      attempts = row.attempts
      smtpReply = row.smtpReply
      createTime = row.createdAt.iso8601
      updateTime = row.updatedAt.iso8601
    }
  }
}
