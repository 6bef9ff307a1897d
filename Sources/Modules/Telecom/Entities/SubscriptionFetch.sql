-- name: SelectLastEndedItem :one
-- What a subscription used last, when it uses nothing now.
-- pipelined
-- not null: end_reason
SELECT q.upload, q.download, q.adjust_quota, q.expires_at, q.end_reason, p.quota_bytes
FROM telecom.package_queue q JOIN telecom.packages p ON p.id = q.package_id
WHERE q.subscription_id = @subscription_id AND q.ended_at IS NOT NULL AND q.activated_at IS NOT NULL
ORDER BY q.ended_at DESC, q.position DESC
LIMIT 1;

-- name: RecordFetches :exec
-- Notes when links were last fetched. Locks in id order, as everyone who holds several subscriptions does.
WITH fetched AS (SELECT unnest(@subscription_ids::uuid[]) AS id, unnest(@instants::timestamptz[]) AS fetched_at),
locked AS (
  SELECT s.id FROM telecom.subscriptions s WHERE s.id = ANY(@subscription_ids::uuid[]) ORDER BY s.id FOR NO KEY UPDATE)
UPDATE telecom.subscriptions s SET last_fetched_at = greatest(s.last_fetched_at, fetched.fetched_at)
FROM locked JOIN fetched ON fetched.id = locked.id
WHERE s.id = locked.id;

-- name: InsertFetches :exec
-- Adds to the access log.
INSERT INTO telecom.subscription_fetches (subscription_id, fetched_at, address, user_agent, format)
SELECT row.subscription_id, row.fetched_at, row.address, row.user_agent, row.format
FROM (
  SELECT unnest(@subscription_ids::uuid[]) AS subscription_id, unnest(@instants::timestamptz[]) AS fetched_at,
    unnest(@addresses::text[]) AS address, unnest(@user_agents::text[]) AS user_agent, unnest(@formats::text[]) AS format) AS row
ORDER BY row.fetched_at;

-- name: ForgetFetches :execrows
-- Leaves the newest fetches of each of the subscriptions. Two that forget at once don't wait for each other.
DELETE FROM telecom.subscription_fetches
WHERE id = ANY(ARRAY(
  SELECT f.id FROM telecom.subscription_fetches f
  WHERE f.id = ANY(ARRAY(
    SELECT old.id FROM telecom.subscriptions s
    CROSS JOIN LATERAL (
      SELECT o.id FROM telecom.subscription_fetches o WHERE o.subscription_id = s.id ORDER BY o.id DESC OFFSET @kept::bigint) AS old
    WHERE s.id = ANY(@subscription_ids::uuid[])))
  FOR UPDATE SKIP LOCKED));

-- name: SelectFetches :many
-- The fetches of a subscription that the log still has, the newest first.
SELECT f.id, f.fetched_at, f.address, f.user_agent, f.format FROM telecom.subscription_fetches f
WHERE f.subscription_id = @subscription_id AND f.id < @before
ORDER BY f.id DESC
LIMIT @row_limit;

-- name: CountFetchAddresses :one
-- From how many addresses a subscription was fetched, as far as the log goes back.
-- always one
SELECT count(DISTINCT f.address) AS addresses FROM telecom.subscription_fetches f
WHERE f.subscription_id = @subscription_id AND f.fetched_at >= @since::timestamptz AND f.address <> '';
