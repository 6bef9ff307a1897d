/// What holds after all work is done, whoever died meanwhile.
struct Invariant {
  let statement: String
  /// A query of one column of text: what contradicts it.
  let offences: String
  /// SQL that breaks it, so that a check that finds nothing is found.
  let example: String

  private init(_ statement: String, _ offences: String, example: String) {
    self.statement = statement
    self.offences = offences
    self.example = example
  }

  /// Enough to see what is wrong.
  private static let shownOffences = 5

  /// A query for what contradicts it, with the statement.
  var check: String {
    let title = statement.replacing("'", with: "''")
    return
      "SELECT '\(title): ' || offence FROM (\(offences)) AS offences (offence) LIMIT \(Self.shownOffences);\n"
  }

  static let all = orders + wallets + traffic + mails

  private static let orders = [
    Invariant(
      "an order is what its customer was told",
      """
      SELECT concat(l.id, ' is ', o.status) FROM ledger.orders l LEFT JOIN shop.orders o USING (id)
      WHERE o.status IS DISTINCT FROM CASE l.outcome WHEN 'paid' THEN 'delivered' ELSE 'cancelled' END
      """,
      example:
        "UPDATE shop.orders SET status = 'paid', delivered_at = NULL WHERE status = 'delivered'"
    ),
    Invariant(
      "each order is known to its customer",
      "SELECT id::text FROM shop.orders WHERE id NOT IN (SELECT id FROM ledger.orders)",
      example: "DELETE FROM ledger.orders"
    ),
    Invariant(
      "a delivered order has each of its packages once, in its customer's queue, and no other order has any",
      """
      SELECT concat(o.id, ' has ', q.packages, ' of ', p.packages) FROM shop.orders o
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(amount), 0) AS packages FROM shop.order_packages WHERE order_id = o.id AND o.status = 'delivered') p
      CROSS JOIN LATERAL (
        SELECT count(*) AS packages, count(*) FILTER (WHERE s.account_id = o.account_id) AS own
        FROM telecom.package_queue q JOIN telecom.subscriptions s ON s.id = q.subscription_id WHERE q.order_id = o.id) q
      WHERE (q.packages, q.own) <> (p.packages, p.packages)
      """,
      example: """
        INSERT INTO telecom.package_queue (id, subscription_id, package_id, order_id, order_line, status, created_at)
        SELECT gen_random_uuid(), subscription_id, package_id, order_id, 99, 'in_queue', now() FROM telecom.package_queue LIMIT 1
        """
    ),
    Invariant(
      "no package comes from nowhere",
      "SELECT id::text FROM telecom.package_queue WHERE order_id IS NULL",
      example: """
        INSERT INTO telecom.package_queue (id, subscription_id, package_id, order_line, status, created_at)
        SELECT gen_random_uuid(), subscription_id, package_id, 1, 'in_queue', now() FROM telecom.package_queue LIMIT 1
        """
    ),
    Invariant(
      "the outbox is empty",
      "SELECT concat(name, ' ', id) FROM platform.outbox",
      example: """
        INSERT INTO platform.outbox (id, kind, name, body, correlation_id, created_at)
        VALUES (gen_random_uuid(), 'event', 'shop.order.paid.v1', '', '', now())
        """
    ),
  ]

  private static let wallets = [
    Invariant(
      "a paid order is charged once, at its price, and nothing else is charged",
      """
      SELECT concat(o.id, ' costs ', o.price, ', charged are ', e.amounts, ' for ', e.reference)
      FROM (SELECT id, price FROM shop.orders WHERE status = 'delivered') o
      FULL JOIN (
        SELECT reference, array_agg(amount) AS amounts FROM shop.wallet_entries WHERE kind = 'order_payment' GROUP BY reference) e
        ON e.reference = o.id
      WHERE e.amounts IS DISTINCT FROM ARRAY[-o.price]
      """,
      example: """
        INSERT INTO shop.wallet_entries (id, account_id, amount, currency, kind, reference, reason, created_at)
        SELECT gen_random_uuid(), account_id, -1, currency, 'order_payment', gen_random_uuid(), '', now() FROM shop.wallets LIMIT 1
        """
    ),
    Invariant(
      "a redeemed card is credited once, at its value, and no other is",
      """
      SELECT concat(c.id, ' is worth ', c.value, ', credited are ', e.amounts, ' for ', e.reference)
      FROM (SELECT id, value, redeemed_by FROM shop.gift_cards WHERE redeemed_by IS NOT NULL) c
      FULL JOIN (
        SELECT reference, account_id, array_agg(amount) AS amounts FROM shop.wallet_entries WHERE kind = 'gift_card' GROUP BY 1, 2) e
        ON e.reference = c.id AND e.account_id = c.redeemed_by
      WHERE e.amounts IS DISTINCT FROM ARRAY[c.value]
      """,
      example: "UPDATE shop.gift_cards SET redeemed_by = NULL, redeemed_at = NULL"
    ),
    Invariant(
      "a wallet holds what its entries add up to",
      """
      SELECT concat(w.account_id, ' holds ', w.available + w.frozen, ', entries make ', sum(e.amount)) FROM shop.wallets w
      LEFT JOIN shop.wallet_entries e USING (account_id)
      GROUP BY w.account_id HAVING w.available + w.frozen <> coalesce(sum(e.amount), 0)
      """,
      example: "UPDATE shop.wallets SET available = available + 1"
    ),
    Invariant(
      "a wallet holds what its customer put in and didn't spend",
      """
      SELECT concat(account_id, ' holds ', w.available, ' instead of ', l.available) FROM shop.wallets w
      FULL JOIN ledger.wallets l USING (account_id) WHERE w.available IS DISTINCT FROM l.available
      """,
      example: """
        INSERT INTO shop.wallet_entries (id, account_id, amount, currency, kind, reference, reason, created_at)
        SELECT gen_random_uuid(), account_id, 1, currency, 'deposit', gen_random_uuid(), '', now() FROM shop.wallets;
        UPDATE shop.wallets SET available = available + 1
        """
    ),
  ]

  private static let traffic = [
    Invariant(
      "an acknowledged report is kept",
      """
      SELECT DISTINCT concat(node_id, ' ', encode(l.digest, 'hex')) FROM ledger.reports l
      LEFT JOIN telecom.traffic_reports r USING (node_id, digest) WHERE l.fate = 'acknowledged' AND r.id IS NULL
      """,
      example: "DELETE FROM telecom.traffic_reports"
    ),
    Invariant(
      "a report is counted once, whether it was acknowledged or not, however often it was sent",
      """
      SELECT concat(node_id, ' ', encode(digest, 'hex'), ': ', applied, ' of ', accepted) FROM telecom.traffic_reports
      WHERE (accepted, applied) <> (1, 1) OR (node_id, digest) NOT IN (SELECT node_id, digest FROM ledger.reports)
      """,
      example: "UPDATE telecom.traffic_reports SET accepted = 2, applied = 2"
    ),
    Invariant(
      "usage adds up to what was reported: each byte that was acknowledged, and none twice",
      """
      SELECT concat(subscription_id, ' on ', node_id, ' sent ', sent.sums, ', counted ', counted.sums)
      FROM (
        SELECT s.id AS subscription_id, l.node_id, ROW(sum(l.upload), sum(l.download)) AS sums
        FROM ledger.reports l JOIN telecom.traffic_reports r USING (node_id, digest) JOIN telecom.subscriptions s USING (node_user_id)
        WHERE l.fate <> 'part of the next'
        GROUP BY 1, 2) AS sent
      FULL JOIN (SELECT subscription_id, node_id, ROW(raw_upload, raw_download) AS sums FROM ledger.usage) AS counted
        USING (subscription_id, node_id)
      WHERE sent.sums IS DISTINCT FROM counted.sums
      """,
      example: "UPDATE ledger.reports SET upload = upload - 1"
    ),
    Invariant(
      "usage is billed by the factor of the report's time, half a byte rounded up",
      """
      SELECT concat(subscription_id, ' on ', node_id, ' is due ', due.sums, ', billed ', billed.sums)
      FROM (
        SELECT s.id AS subscription_id, r.node_id, ROW(
          sum((row.upload * r.factor_thousandths + 500) / 1000), sum((row.download * r.factor_thousandths + 500) / 1000)) AS sums
        FROM telecom.traffic_reports r
        CROSS JOIN LATERAL unnest(r.users, coalesce(r.charged_uploads, r.uploads), coalesce(r.charged_downloads, r.downloads))
          AS row (node_user_id, upload, download)
        JOIN telecom.subscriptions s USING (node_user_id)
        GROUP BY 1, 2) AS due
      FULL JOIN (SELECT subscription_id, node_id, ROW(billed_upload, billed_download) AS sums FROM ledger.usage) AS billed
        USING (subscription_id, node_id)
      WHERE due.sums IS DISTINCT FROM billed.sums
      """,
      example: "UPDATE telecom.traffic_reports SET factor_thousandths = factor_thousandths + 1"
    ),
    Invariant(
      "the packages of a subscription are billed what its usage is",
      """
      SELECT concat(subscription_id, ' packages ', q.sums, ', usage ', u.sums)
      FROM (
        SELECT subscription_id, ROW(sum(upload), sum(download)) AS sums FROM telecom.package_queue GROUP BY 1
        HAVING sum(upload + download) > 0) q
      FULL JOIN (SELECT subscription_id, ROW(sum(billed_upload), sum(billed_download)) AS sums FROM ledger.usage GROUP BY 1) u
        USING (subscription_id)
      WHERE q.sums IS DISTINCT FROM u.sums
      """,
      example: "UPDATE telecom.package_queue SET download = download + 1 WHERE status = 'active'"
    ),
    Invariant(
      "no traffic is set aside",
      "SELECT concat(node_id, ' ', node_user_id, ' ', reason) FROM telecom.traffic_set_aside",
      example: """
        INSERT INTO telecom.traffic_set_aside VALUES (gen_random_uuid(), gen_random_uuid(), 1, 1001, 1, 1, 'not_eligible', now())
        """
    ),
  ]

  private static let mails = [
    Invariant(
      "a mail that was asked for arrives, and not more often than it was asked for",
      """
      SELECT concat(q.recipient, ': ', count(DISTINCT m.message_id), ' of ', q.tries) FROM ledger.mail_requests q
      LEFT JOIN ledger.mails m USING (recipient)
      GROUP BY q.recipient, q.tries HAVING count(DISTINCT m.message_id) NOT BETWEEN 1 AND q.tries
      """,
      example: "INSERT INTO ledger.mail_requests VALUES ('nobody@example.com', 1)"
    ),
    Invariant(
      "the mails that are recorded as sent are those that arrived",
      """
      SELECT DISTINCT concat(coalesce(d.recipient, m.recipient), ' ', message_id, ' ', d.state) FROM mailer.deliveries d
      FULL JOIN ledger.mails m USING (message_id)
      WHERE d.state IS DISTINCT FROM 'sent' OR m.recipient IS DISTINCT FROM d.recipient
      """,
      example: "UPDATE mailer.deliveries SET state = 'sending'"
    ),
    Invariant(
      "a mail comes twice at most once for each death of a mailer",
      """
      SELECT concat(copies, ' copies, ', deaths, ' deaths')
      FROM (SELECT count(*) - count(DISTINCT message_id) AS copies FROM ledger.mails) m,
        (SELECT count(*) AS deaths FROM ledger.deaths WHERE worker = 'mailer') d
      WHERE copies > deaths
      """,
      example: "INSERT INTO ledger.mails SELECT * FROM ledger.mails"
    ),
  ]
}
