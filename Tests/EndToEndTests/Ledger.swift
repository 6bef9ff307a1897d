import Foundation
import Testing

/// What the callers of an installation know of what they did, in tables beside the installation's
/// own.
struct Ledger {
  let installation: Installation

  private static let schema = """
    CREATE SCHEMA ledger;
    -- Orders by how they were answered.
    CREATE TABLE ledger.orders (id uuid PRIMARY KEY, outcome text NOT NULL CHECK (outcome IN ('paid', 'cancelled')));
    -- What customers must have after all they put in and spent.
    CREATE TABLE ledger.wallets (account_id uuid PRIMARY KEY, available bigint NOT NULL);
    -- Users of reports, and what became of the report.
    CREATE TABLE ledger.reports (
      digest bytea, node_id integer, node_user_id integer, upload bigint, download bigint,
      fate text NOT NULL CHECK (fate IN ('acknowledged', 'given up', 'part of the next')), PRIMARY KEY (node_id, digest, node_user_id));
    -- What subscriptions used, rolled up to hours and not yet.
    CREATE VIEW ledger.usage AS
      SELECT subscription_id, node_id, sum(raw_upload) AS raw_upload, sum(raw_download) AS raw_download,
        sum(billed_upload) AS billed_upload, sum(billed_download) AS billed_download
      FROM (
        SELECT subscription_id, node_id, raw_upload, raw_download, billed_upload, billed_download FROM telecom.usage_hours UNION ALL
        SELECT subscription_id, node_id, raw_upload, raw_download, billed_upload, billed_download FROM telecom.usage_ledger) AS usage
      GROUP BY 1, 2;
    -- Mails that were asked for, so many times until there was an answer.
    CREATE TABLE ledger.mail_requests (recipient text PRIMARY KEY, tries integer NOT NULL);
    -- Mails that the mail server accepted.
    CREATE TABLE ledger.mails (message_id uuid NOT NULL, recipient text NOT NULL);
    -- Workers that died.
    CREATE TABLE ledger.deaths (worker text NOT NULL);

    """

  /// Where scripts write what they did.
  static func folder(of installation: Installation) -> URL {
    installation.folder.appendingPathComponent("ledger")
  }

  /// Reads what a script wrote.
  init(of installation: Installation, deaths: [String]) async throws {
    self.installation = installation
    var text = "DROP SCHEMA IF EXISTS ledger CASCADE;\n\(Self.schema)"
    for table in ["orders", "wallets", "reports", "mail_requests"] {
      text +=
        "\\copy ledger.\(table) FROM '\(Self.folder(of: installation).path)/\(table).csv' (FORMAT csv)\n"
    }
    text += deaths.map { "INSERT INTO ledger.deaths VALUES ('\($0)');\n" }.joined()
    try await installation.sql(text)
  }

  /// Waits until nothing is under way any more.
  func waitUntilQuiet() async throws {
    let work = """
      SELECT (SELECT count(*) FROM platform.outbox), (SELECT count(*) FROM shop.orders WHERE status = 'paid'),
        (SELECT count(*) FROM telecom.traffic_reports WHERE applied < accepted),
        (SELECT count(*) FROM mailer.deliveries WHERE state <> 'sent'),
        (SELECT count(*) FROM ledger.mail_requests WHERE recipient NOT IN (SELECT recipient FROM mailer.deliveries))
      """
    var left: [String] = []
    for _ in 0..<(Self.patienceSeconds * 4) {
      left = try await installation.sql(work)
      if left == ["0|0|0|0|0"] { return }
      try await Task.sleep(for: .milliseconds(250))
    }
    Issue.record(
      "messages, paid orders, reports, mails, requests that are left after \(Self.patienceSeconds) s: \(left)"
    )
  }

  /// Longer than the first retries of a message.
  private static let patienceSeconds = 45

  /// Reads the mails that the mail server keeps.
  func addMails() async throws {
    let directory = URL(fileURLWithPath: installation.stores.mailDirectory)
    let files = try FileManager.default.contentsOfDirectory(
      at: directory,
      includingPropertiesForKeys: nil
    )
    var rows: [String] = []
    for file in files where file.pathExtension == "eml" && !file.lastPathComponent.hasPrefix(".") {
      let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
      let recipient = try #require(text.firstMatch(of: /(?m)^X-Envelope-To: (\S+?)\r?$/)?.1)
      let id = try #require(text.firstMatch(of: /(?mi)^Message-ID:\s*<([0-9a-f-]{36})@/)?.1)
      rows.append("INSERT INTO ledger.mails VALUES ('\(id)', '\(recipient)');\n")
    }
    try await installation.sql("BEGIN;\n\(rows.joined())COMMIT;\n")
  }

  /// What contradicts the invariants; nothing, when nothing was lost and nothing done twice.
  func contradictions() async throws -> [String] {
    try await installation.sql(Invariant.all.map(\.check).joined())
  }

  /// What contradicts `invariant` where it is broken on purpose, for a moment.
  func contradictions(toBroken invariant: Invariant) async throws -> [String] {
    // Without triggers, which would refuse.
    try await installation.sql(
      "BEGIN;\nSET LOCAL session_replication_role = replica;\n\(invariant.example);\n\(invariant.check)ROLLBACK;\n"
    )
  }
}
