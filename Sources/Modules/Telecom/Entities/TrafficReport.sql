-- name: AcceptTrafficReport :execrows
-- Keeps a report as it came. No row: the same body came within the window, so this one is a re-send. A later one counts once more, at the
-- factor of now.
-- pipelined
INSERT INTO telecom.traffic_reports
  (id, node_id, digest, users, uploads, downloads, factor_thousandths, received_at, last_seen_at)
VALUES
  (@id, @node_id, @digest, @users::integer[], @uploads::bigint[], @downloads::bigint[], @factor_thousandths, @received_at::timestamptz,
   @received_at::timestamptz)
ON CONFLICT (node_id, digest) DO UPDATE
SET accepted = telecom.traffic_reports.accepted + 1, last_seen_at = excluded.last_seen_at,
  factor_thousandths = excluded.factor_thousandths
WHERE telecom.traffic_reports.last_seen_at < @resent_after::timestamptz;

-- name: LockWaitingReports :many
-- The oldest reports that are not applied, until together they have `most_users` rows; without those that another merge holds.
SELECT r.id, r.node_id, r.users, r.uploads, r.downloads, r.factor_thousandths, r.accepted, r.applied, r.last_seen_at
FROM telecom.traffic_reports r
WHERE r.applied < r.accepted AND r.id IN (
  SELECT waiting.id FROM (
    SELECT w.id, sum(cardinality(w.users)) OVER (ORDER BY w.received_at, w.id) - cardinality(w.users) AS users_before
    FROM (
      SELECT o.id, o.users, o.received_at FROM telecom.traffic_reports o
      WHERE o.applied < o.accepted ORDER BY o.received_at, o.id LIMIT @most_reports) AS w) AS waiting
  WHERE waiting.users_before < @most_users::bigint)
ORDER BY r.id
FOR NO KEY UPDATE SKIP LOCKED;

-- name: MarkReportsApplied :exec
-- Reports whose rows are locked: all that was accepted of them is applied.
UPDATE telecom.traffic_reports SET applied = accepted WHERE id = ANY(@report_ids::uuid[]);

-- name: LockReportedSubscriptions :many
-- The subscriptions that reports name; their rows stay locked, so that their queues stand still.
SELECT id, account_id, node_user_id FROM telecom.subscriptions WHERE node_user_id = ANY(@node_user_ids::integer[])
ORDER BY id
FOR NO KEY UPDATE;

-- name: LockBillableItems :many
-- The packages that traffic of locked subscriptions can be billed to: those in use, and those that ended lately.
SELECT q.id, q.subscription_id, q.status, q.ended_at, q.upload, q.download, p.group_id
FROM telecom.package_queue q JOIN telecom.packages p ON p.id = q.package_id
WHERE q.subscription_id = ANY(@subscription_ids::uuid[])
  AND (q.status = 'active' OR (q.activated_at IS NOT NULL AND q.ended_at >= @ended_since::timestamptz))
ORDER BY q.id
FOR NO KEY UPDATE OF q;

-- name: SelectServersOfGroups :many
-- Which servers the packages of groups may use, those that are switched off included: their traffic may still come in.
SELECT DISTINCT m.group_id, c.server_id
FROM telecom.node_client_groups m JOIN telecom.node_clients c ON c.id = m.client_id
WHERE m.group_id = ANY(@group_ids::uuid[]);

-- name: SetItemUsage :exec
-- Writes the totals of locked items.
UPDATE telecom.package_queue q SET upload = usage.upload, download = usage.download
FROM (
  SELECT unnest(@item_ids::uuid[]) AS id, unnest(@uploads::bigint[]) AS upload, unnest(@downloads::bigint[]) AS download) AS usage
WHERE q.id = usage.id;

-- name: PruneTrafficReports :execrows
-- Deletes applied reports that no re-send can meet any more, a bounded number at a time.
DELETE FROM telecom.traffic_reports
WHERE id = ANY(ARRAY(
  SELECT r.id FROM telecom.traffic_reports r
  WHERE r.last_seen_at < @seen_before::timestamptz AND r.applied = r.accepted LIMIT @batch FOR UPDATE SKIP LOCKED));
