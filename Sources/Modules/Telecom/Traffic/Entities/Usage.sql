-- name: UsageLedger_Append :exec
-- Adds what a merge billed to the ledger.
INSERT INTO telecom.usage_ledger (hour, subscription_id, node_id, raw_upload, raw_download,
  billed_upload, billed_download)
SELECT unnest(@hours::timestamptz[]), unnest(@subscription_ids::uuid[]),
  unnest(@node_ids::integer[]), unnest(@raw_uploads::bigint[]), unnest(@raw_downloads::bigint[]),
  unnest(@billed_uploads::bigint[]), unnest(@billed_downloads::bigint[]);

-- name: UsageLedger_RollUp :one
-- Moves the oldest rows of the ledger into the hours. Returns how many there were. Rows come in the
-- order of the key, so that two of these lock them in the same order. A sum stops at 2^62 instead
-- of failing, since one absurd node must not hold up the others' traffic.
-- always one
-- not null: rolled
WITH taken AS (
  DELETE FROM telecom.usage_ledger WHERE id IN (
    SELECT l.id FROM telecom.usage_ledger l ORDER BY l.id LIMIT @batch FOR UPDATE SKIP LOCKED)
  RETURNING
    hour, subscription_id, node_id, raw_upload, raw_download, billed_upload, billed_download),
added AS (
  INSERT INTO telecom.usage_hours AS h
    (subscription_id, hour, node_id, raw_upload, raw_download, billed_upload, billed_download)
  SELECT t.subscription_id, t.hour, t.node_id,
    least(sum(t.raw_upload), 4611686018427387904)::bigint,
    least(sum(t.raw_download), 4611686018427387904)::bigint,
    least(sum(t.billed_upload), 4611686018427387904)::bigint,
    least(sum(t.billed_download), 4611686018427387904)::bigint
  FROM taken t GROUP BY t.subscription_id, t.hour, t.node_id
  ORDER BY t.subscription_id, t.hour, t.node_id
  ON CONFLICT (subscription_id, hour, node_id) DO UPDATE SET
    raw_upload = least(h.raw_upload, 4611686018427387904 - excluded.raw_upload)
      + excluded.raw_upload,
    raw_download = least(h.raw_download, 4611686018427387904 - excluded.raw_download)
      + excluded.raw_download,
    billed_upload = least(h.billed_upload, 4611686018427387904 - excluded.billed_upload)
      + excluded.billed_upload,
    billed_download = least(h.billed_download, 4611686018427387904 - excluded.billed_download)
      + excluded.billed_download
  RETURNING 1)
SELECT count(*) AS rolled FROM taken;

-- name: UsageHours_MakeMonth :exec
SELECT telecom.make_usage_month(@at::timestamptz);

-- name: UsageHours_DropMonths :one
-- always one
-- not null: dropped
SELECT telecom.drop_usage_months(@cutoff::timestamptz)::integer AS dropped;

-- name: UsageHours_ListOfSubscription :many
-- What a subscription used in each hour or day, the newest first, on one node or on all.
-- not null: start, raw_upload, raw_download, billed_upload, billed_download
SELECT date_trunc(@bucket::text, h.hour, @time_zone::text)::timestamptz AS start,
  least(sum(h.raw_upload), 4611686018427387904)::bigint AS raw_upload,
  least(sum(h.raw_download), 4611686018427387904)::bigint AS raw_download,
  least(sum(h.billed_upload), 4611686018427387904)::bigint AS billed_upload,
  least(sum(h.billed_download), 4611686018427387904)::bigint AS billed_download
FROM telecom.usage_hours h
WHERE h.subscription_id = @subscription_id AND h.hour >= @since::timestamptz
  AND h.hour < @before::timestamptz
  AND (sqlc.narg(node_id)::integer IS NULL OR h.node_id = sqlc.narg(node_id)::integer)
GROUP BY 1
ORDER BY 1 DESC
LIMIT @row_limit;

-- name: UsageHours_ListOfNode :many
-- What all subscriptions used on a node in each hour or day, the newest first.
-- not null: start, raw_upload, raw_download, billed_upload, billed_download, subscriptions
SELECT date_trunc(@bucket::text, h.hour, @time_zone::text)::timestamptz AS start,
  least(sum(h.raw_upload), 4611686018427387904)::bigint AS raw_upload,
  least(sum(h.raw_download), 4611686018427387904)::bigint AS raw_download,
  least(sum(h.billed_upload), 4611686018427387904)::bigint AS billed_upload,
  least(sum(h.billed_download), 4611686018427387904)::bigint AS billed_download,
  count(DISTINCT h.subscription_id) AS subscriptions
FROM telecom.usage_hours h
WHERE h.node_id = @node_id AND h.hour >= @since::timestamptz AND h.hour < @before::timestamptz
GROUP BY 1
ORDER BY 1 DESC
LIMIT @row_limit;

-- name: UsageHours_TopSubscriptions :many
-- The subscriptions with the most billed traffic.
-- not null: raw_bytes, billed_bytes
SELECT h.subscription_id, s.account_id, s.node_user_id,
  least(sum(h.raw_upload::numeric + h.raw_download), 4611686018427387904)::bigint AS raw_bytes,
  least(
    sum(h.billed_upload::numeric + h.billed_download), 4611686018427387904)::bigint AS billed_bytes
FROM telecom.usage_hours h JOIN telecom.subscriptions s ON s.id = h.subscription_id
WHERE h.hour >= @since::timestamptz AND h.hour < @before::timestamptz
GROUP BY h.subscription_id, s.account_id, s.node_user_id
ORDER BY 5 DESC, 1
LIMIT @row_limit;

-- name: UsageHours_TopNodes :many
-- The nodes with the most traffic.
-- not null: raw_bytes, billed_bytes, subscriptions
SELECT h.node_id, n.name,
  least(sum(h.raw_upload::numeric + h.raw_download), 4611686018427387904)::bigint AS raw_bytes,
  least(
    sum(h.billed_upload::numeric + h.billed_download), 4611686018427387904)::bigint AS billed_bytes,
  count(DISTINCT h.subscription_id) AS subscriptions
FROM telecom.usage_hours h JOIN telecom.node_servers n ON n.id = h.node_id
WHERE h.hour >= @since::timestamptz AND h.hour < @before::timestamptz
GROUP BY h.node_id, n.name
ORDER BY 3 DESC, 1
LIMIT @row_limit;

-- name: UsageHours_Export :many
-- The hours of a time after a place in the order of the export.
SELECT h.hour, h.subscription_id, h.node_id, h.raw_upload, h.raw_download, h.billed_upload,
  h.billed_download
FROM telecom.usage_hours h
WHERE h.hour >= @since::timestamptz AND h.hour < @before::timestamptz
  AND (h.hour, h.subscription_id, h.node_id) > (@after_hour::timestamptz, @after_subscription::uuid,
    @after_node::integer)
ORDER BY h.hour, h.subscription_id, h.node_id
LIMIT @row_limit;
