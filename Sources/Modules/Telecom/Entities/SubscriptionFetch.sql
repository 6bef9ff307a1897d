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
