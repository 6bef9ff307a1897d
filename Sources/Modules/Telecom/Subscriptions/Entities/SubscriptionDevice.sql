-- name: SubscriptionDevice_Measure :one
-- How many devices of a subscription were seen since then, and when one of them was.
-- pipelined
-- context: database
-- always one
-- nullable: last_seen_at
SELECT count(*) AS devices,
  (max(d.last_seen_at) FILTER (WHERE d.hwid = @hwid::text))::timestamptz AS last_seen_at
FROM telecom.subscription_devices d
WHERE d.subscription_id = @subscription_id AND d.last_seen_at >= @seen_since::timestamptz;

-- name: SubscriptionDevice_Keep :exec
-- Adds a device to a subscription whose row is locked: so their number stands still.
-- context: transaction
INSERT INTO telecom.subscription_devices AS d
  (subscription_id, hwid, platform, os_version, model, user_agent, first_seen_at, last_seen_at)
VALUES (@subscription_id, @hwid, @platform, @os_version, @model, @user_agent, @seen_at::timestamptz,
  @seen_at::timestamptz)
ON CONFLICT (subscription_id, hwid) DO UPDATE
SET last_seen_at = greatest(d.last_seen_at, excluded.last_seen_at);

-- name: SubscriptionDevice_Touch :execrows
-- Notes that a device was seen, and what it says of itself now. One that was removed meanwhile
-- stays so.
UPDATE telecom.subscription_devices
SET platform = @platform, os_version = @os_version, model = @model, user_agent = @user_agent,
  last_seen_at = @seen_at
WHERE subscription_id = @subscription_id AND hwid = @hwid AND last_seen_at < @seen_at;

-- name: SubscriptionDevice_ForgetLapsed :exec
-- Takes the devices that were not seen for long from a subscription whose row is locked.
-- context: transaction
DELETE FROM telecom.subscription_devices WHERE subscription_id = @subscription_id
  AND last_seen_at < @seen_before::timestamptz;

-- name: SubscriptionDevice_Prune :execrows
-- Deletes devices that were not seen for long, a bounded number at a time, without those that
-- another transaction holds.
DELETE FROM telecom.subscription_devices
WHERE last_seen_at < @seen_before::timestamptz AND (subscription_id, hwid) IN (
  SELECT d.subscription_id, d.hwid FROM telecom.subscription_devices d
  WHERE d.last_seen_at < @seen_before::timestamptz LIMIT @batch FOR UPDATE SKIP LOCKED);

-- name: SubscriptionDevice_List :many
-- A subscription's devices that were seen since then, in the order of their ids.
SELECT d.hwid, d.platform, d.os_version, d.model, d.user_agent, d.first_seen_at, d.last_seen_at
FROM telecom.subscription_devices d
WHERE d.subscription_id = @subscription_id AND d.last_seen_at >= @seen_since::timestamptz
  AND d.hwid > @after
ORDER BY d.hwid
LIMIT @row_limit;

-- name: SubscriptionDevice_Delete :execrows
DELETE FROM telecom.subscription_devices WHERE subscription_id = @subscription_id AND hwid = @hwid;

-- name: SubscriptionDevice_FindLimit :one
-- Whose a subscription is, and how many devices it and its active package allow.
SELECT s.account_id, s.hwid_limit, p.hwid_limit AS package_hwid_limit
FROM telecom.subscriptions s
LEFT JOIN telecom.package_queue q ON q.subscription_id = s.id AND q.status = 'active'
LEFT JOIN telecom.packages p ON p.id = q.package_id
WHERE s.id = @id;

-- name: SubscriptionDevice_SetLimit :execrows
UPDATE telecom.subscriptions SET hwid_limit = sqlc.narg(hwid_limit) WHERE id = @id;

-- name: SubscriptionDevice_DeleteAll :exec
-- Deletes the devices of subscriptions whose rows are locked.
-- context: transaction
DELETE FROM telecom.subscription_devices WHERE subscription_id = ANY(@subscription_ids::uuid[]);
