-- name: QueueItem_InsertMany :execrows
-- Puts copies of packages into a subscription's queue, in their order. Copies that the order
-- delivered before are left out.
INSERT INTO telecom.package_queue (id, subscription_id, package_id, order_id, order_line, status,
  created_at)
SELECT copy.id, @subscription_id, copy.package_id, sqlc.narg(order_id)::uuid, copy.order_line,
  'in_queue', @created_at
FROM (
  SELECT unnest(@ids::uuid[]) AS id, unnest(@package_ids::uuid[]) AS package_id,
    unnest(@order_lines::integer[]) AS order_line) AS copy
ORDER BY copy.order_line
ON CONFLICT (order_id, order_line) DO NOTHING;

-- name: QueueItem_LockActive :many
-- row: QueueItem
-- The active packages of subscriptions whose rows are locked.
SELECT q.id, q.subscription_id, q.status, q.activated_at, q.expires_at, q.ended_at, q.end_reason,
  q.upload, q.download, q.adjust_quota, q.resets_at, q.exhausted_at, p.quota_bytes,
  p.duration_seconds, p.group_id
FROM telecom.package_queue q JOIN telecom.packages p ON p.id = q.package_id
WHERE q.subscription_id = ANY(@subscription_ids::uuid[]) AND q.status = 'active'
ORDER BY q.id
FOR NO KEY UPDATE OF q;

-- name: QueueItem_LockNext :many
-- row: QueueItem
-- The first waiting package of each of the subscriptions, whose rows are locked.
SELECT q.id, q.subscription_id, q.status, q.activated_at, q.expires_at, q.ended_at, q.end_reason,
  q.upload, q.download, q.adjust_quota, q.resets_at, q.exhausted_at, p.quota_bytes,
  p.duration_seconds, p.group_id
FROM telecom.subscriptions s
JOIN telecom.package_queue q ON q.id = (
  SELECT w.id FROM telecom.package_queue w WHERE w.subscription_id = s.id AND w.status = 'in_queue'
  ORDER BY w.position LIMIT 1)
JOIN telecom.packages p ON p.id = q.package_id
WHERE s.id = ANY(@subscription_ids::uuid[])
ORDER BY q.id
FOR NO KEY UPDATE OF q;

-- name: QueueItem_Lock :one
-- row: QueueItem
-- One package of a subscription whose row is locked.
SELECT q.id, q.subscription_id, q.status, q.activated_at, q.expires_at, q.ended_at, q.end_reason,
  q.upload, q.download, q.adjust_quota, q.resets_at, q.exhausted_at, p.quota_bytes,
  p.duration_seconds, p.group_id
FROM telecom.package_queue q JOIN telecom.packages p ON p.id = q.package_id
WHERE q.id = @id
FOR NO KEY UPDATE OF q;

-- name: QueueItem_FindSubscription :one
SELECT subscription_id FROM telecom.package_queue WHERE id = @id;

-- name: QueueItem_EndMany :exec
UPDATE telecom.package_queue q
SET status = ended.status, end_reason = ended.end_reason, ended_at = @ended_at::timestamptz,
  resets_at = NULL, exhausted_at = NULL
FROM (
  SELECT unnest(@ids::uuid[]) AS id, unnest(@statuses::text[]) AS status,
    unnest(@end_reasons::text[]) AS end_reason) AS ended
WHERE q.id = ended.id;

-- name: QueueItem_Activate :exec
UPDATE telecom.package_queue q SET status = 'active', activated_at = @activated_at::timestamptz,
  expires_at = activated.expires_at,
  resets_at = telecom.next_reset(
    p.reset_rule, @activated_at::timestamptz, @activated_at::timestamptz, @time_zone::text)
FROM (
  SELECT unnest(@ids::uuid[]) AS id, unnest(@expiries::timestamptz[]) AS expires_at) AS activated,
  telecom.packages p
WHERE q.id = activated.id AND p.id = q.package_id;

-- name: QueueItem_Reset :exec
-- Resets the traffic of active packages, and the quota to what was bought. Past usage stays in the
-- hours.
UPDATE telecom.package_queue q SET upload = 0, download = 0, adjust_quota = 0, exhausted_at = NULL,
  period_began_at = greatest(
    q.resets_at,
    telecom.last_reset(p.reset_rule, q.activated_at, @now::timestamptz, @time_zone::text)),
  resets_at =
    telecom.next_reset(p.reset_rule, q.activated_at, @now::timestamptz, @time_zone::text)
FROM telecom.packages p
WHERE q.id = ANY(@ids::uuid[]) AND p.id = q.package_id;

-- name: QueueItem_MarkExhausted :exec
-- Marks active packages as waiting for their reset, or as no longer waiting.
UPDATE telecom.package_queue q
SET exhausted_at = CASE WHEN marked.exhausted THEN @now::timestamptz END
FROM (SELECT unnest(@ids::uuid[]) AS id, unnest(@exhausted::boolean[]) AS exhausted) AS marked
WHERE q.id = marked.id;

-- name: QueueItem_UpdateLimits :exec
UPDATE telecom.package_queue SET adjust_quota = @adjust_quota, expires_at = sqlc.narg(expires_at)
WHERE id = @id;

-- name: QueueItem_ListGroupsInUse :many
-- The groups of the active packages of subscriptions.
SELECT DISTINCT p.group_id FROM telecom.package_queue q
JOIN telecom.packages p ON p.id = q.package_id
WHERE q.subscription_id = ANY(@subscription_ids::uuid[]) AND q.status = 'active';

-- name: QueueItem_List :many
-- A subscription's packages in the order of its queue, with or without those that have ended.
SELECT q.id, q.position, q.package_id, p.name AS package_name, q.order_id, q.status, q.created_at,
  q.activated_at, q.expires_at, q.ended_at, q.end_reason, q.upload, q.download, q.adjust_quota,
  q.resets_at, q.exhausted_at, p.quota_bytes, p.duration_seconds
FROM telecom.package_queue q JOIN telecom.packages p ON p.id = q.package_id
WHERE q.subscription_id = @subscription_id AND q.position > @after_position
  AND (@with_ended::boolean OR q.status IN ('in_queue', 'active'))
ORDER BY q.position
LIMIT @row_limit;

-- name: QueueItem_CountWaiting :one
-- always one
SELECT count(*) AS waiting FROM telecom.package_queue
WHERE subscription_id = @subscription_id AND status = 'in_queue';

-- name: QueueItem_IsAnyDue :one
-- Whether an active package has run out of time but is still in its nodes' user lists, or is due to
-- reset.
-- pipelined
-- always one
-- not null: due
SELECT (
  EXISTS (
    SELECT 1 FROM telecom.package_queue q
    WHERE q.status = 'active' AND q.expires_at <= @now::timestamptz)
  OR EXISTS (
    SELECT 1 FROM telecom.package_queue q
    WHERE q.status = 'active' AND q.resets_at <= @now::timestamptz))::boolean AS due;
