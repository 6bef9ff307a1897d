-- name: TrafficReport_LockLatest :one
-- The last report of a node, and its current factor. Locks the node's row, so that its reports are
-- handled one at a time.
-- nullable: id, digest, users, uploads, downloads, answered, local_minute
SELECT r.id, r.digest, r.users, r.uploads, r.downloads, r.answered, n.factor_thousandths,
  n.factor_schedule,
  telecom.minute_of_day(@now::timestamptz, n.factor_schedule->>'time_zone') AS local_minute
FROM telecom.node_servers n
LEFT JOIN LATERAL (
  SELECT t.id, t.digest, t.users, t.uploads, t.downloads, t.answered FROM telecom.traffic_reports t
  WHERE t.node_id = n.id AND t.received_at >= @received_since::timestamptz
  ORDER BY t.received_at DESC LIMIT 1) AS r ON true
WHERE n.id = @node_id
FOR NO KEY UPDATE OF n;

-- name: TrafficReport_Accept :one
-- Stores a report as it came. The same body within the window since it last came is a re-send;
-- after that it counts once more. If the first one still waits, both keep its factor. Sending it
-- again shows that the first answer was lost.
-- always one
INSERT INTO telecom.traffic_reports AS r
  (id, node_id, digest, users, uploads, downloads, charged_uploads, charged_downloads,
   factor_thousandths, received_at, last_seen_at, answered)
VALUES
  (@id, @node_id, @digest, @users::integer[], @uploads::bigint[], @downloads::bigint[],
   sqlc.narg(charged_uploads)::bigint[],
   sqlc.narg(charged_downloads)::bigint[], @factor_thousandths, @received_at::timestamptz,
   @received_at::timestamptz, false)
ON CONFLICT (node_id, digest) DO UPDATE SET
  accepted = r.accepted + CASE WHEN r.last_seen_at < @resent_after::timestamptz THEN 1 ELSE 0 END,
  factor_thousandths =
    CASE WHEN r.applied = r.accepted THEN excluded.factor_thousandths ELSE r.factor_thousandths END,
  charged_uploads =
    CASE WHEN r.applied = r.accepted AND r.last_seen_at < @resent_after::timestamptz
      THEN NULL ELSE r.charged_uploads END,
  charged_downloads =
    CASE WHEN r.applied = r.accepted AND r.last_seen_at < @resent_after::timestamptz
      THEN NULL ELSE r.charged_downloads END,
  last_seen_at = greatest(r.last_seen_at, excluded.last_seen_at),
  answered = false
RETURNING id;

-- name: TrafficReport_MarkAnswered :exec
-- A report whose answer left in time, unless it has come again since.
UPDATE telecom.traffic_reports SET answered = true
WHERE id = @id AND last_seen_at <= @received_at::timestamptz AND NOT answered;

-- name: TrafficReport_LockWaiting :many
-- The oldest reports that aren't applied, up to `most_entries` rows together, except those that
-- another merge has locked. A re-sent report counts at the time at which it first came, unless it
-- is billed again.
-- not null: uploads, downloads, counted_at
SELECT r.id, r.node_id, r.users, coalesce(r.charged_uploads, r.uploads)::bigint[] AS uploads,
  coalesce(r.charged_downloads, r.downloads)::bigint[] AS downloads, r.factor_thousandths,
  r.accepted, r.applied,
  CASE WHEN r.accepted = 1 THEN r.received_at ELSE r.last_seen_at END::timestamptz AS counted_at
FROM telecom.traffic_reports r
WHERE r.applied < r.accepted AND r.id IN (
  SELECT waiting.id FROM (
    SELECT w.id, sum(w.entries) OVER (ORDER BY w.received_at, w.id) - w.entries AS entries_before
    FROM (
      SELECT o.id, o.entries, o.received_at FROM telecom.traffic_reports o
      WHERE o.applied < o.accepted ORDER BY o.received_at, o.id
      LIMIT @max_reports FOR NO KEY UPDATE SKIP LOCKED) AS w) AS waiting
  WHERE waiting.entries_before < @max_entries::bigint)
ORDER BY r.id
FOR NO KEY UPDATE SKIP LOCKED;

-- name: TrafficReport_MarkApplied :exec
-- Reports whose rows are locked: all that was accepted of them is applied.
UPDATE telecom.traffic_reports SET applied = accepted WHERE id = ANY(@report_ids::uuid[]);

-- name: Subscription_LockReported :many
-- The subscriptions that reports name; their rows stay locked, so that their queues stand still.
SELECT id, account_id, node_user_id FROM telecom.subscriptions
WHERE node_user_id = ANY(@node_user_ids::integer[])
ORDER BY id
FOR NO KEY UPDATE;

-- name: QueueItem_ListBillable :many
-- The packages that traffic of locked subscriptions can be billed to: those in use, and those that
-- ended lately. They stand still while their subscriptions are locked.
-- context: transaction
-- not null: activated_at
SELECT q.id, q.subscription_id, q.status, q.activated_at, q.expires_at, q.ended_at, q.resets_at,
  q.exhausted_at, q.period_began_at, q.upload, q.download, q.adjust_quota, p.quota_bytes, p.group_id
FROM telecom.package_queue q JOIN telecom.packages p ON p.id = q.package_id
WHERE q.subscription_id = ANY(@subscription_ids::uuid[])
  AND q.activated_at IS NOT NULL
  AND (q.status = 'active' OR q.ended_at >= @ended_since::timestamptz);

-- name: NodeGroup_ListServers :many
-- Which servers the packages of groups may use, those that are switched off or were taken away
-- lately included: their traffic may still come in.
-- not null: group_id, server_id
-- nullable: removed_at
SELECT m.group_id, c.server_id, NULL::timestamptz AS removed_at
FROM telecom.node_client_groups m JOIN telecom.node_clients c ON c.id = m.client_id
WHERE m.group_id = ANY(@group_ids::uuid[])
UNION
SELECT p.group_id, p.server_id, p.removed_at FROM telecom.past_group_servers p
WHERE p.group_id = ANY(@group_ids::uuid[]) AND p.removed_at >= @removed_since::timestamptz;

-- name: QueueItem_SetUsage :exec
-- Writes the totals of items whose subscriptions are locked.
UPDATE telecom.package_queue q SET upload = usage.upload, download = usage.download
FROM (
  SELECT unnest(@item_ids::uuid[]) AS id, unnest(@uploads::bigint[]) AS upload,
    unnest(@downloads::bigint[]) AS download) AS usage
WHERE q.id = usage.id;

-- name: TrafficReport_Prune :execrows
-- Deletes applied reports that no re-send can meet any more, a bounded number at a time.
DELETE FROM telecom.traffic_reports
WHERE id = ANY(ARRAY(
  SELECT r.id FROM telecom.traffic_reports r
  WHERE r.last_seen_at < @seen_before::timestamptz AND r.applied = r.accepted
  LIMIT @batch FOR UPDATE SKIP LOCKED));
