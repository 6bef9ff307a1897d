-- name: Subscription_InsertFirst :execrows
-- Creates an account's first subscription, unless it exists. Waits for another transaction that is
-- creating it.
INSERT INTO telecom.subscriptions (id, account_id, is_first, credential, link_token, created_at)
VALUES (@id, @account_id, true, @credential, @link_token, @created_at)
ON CONFLICT (account_id) WHERE is_first DO NOTHING;

-- name: Subscription_Insert :exec
INSERT INTO telecom.subscriptions (id, account_id, is_first, credential, link_token, suspended,
  created_at)
VALUES (@id, @account_id, false, @credential, @link_token, @suspended, @created_at);

-- name: Subscription_Lock :one
-- row: HeldSubscription
-- Finds a subscription and locks its row: its queue changes under this lock only.
SELECT id, account_id FROM telecom.subscriptions WHERE id = @id FOR NO KEY UPDATE;

-- name: Subscription_LockFirst :one
-- row: HeldSubscription
SELECT id, account_id FROM telecom.subscriptions
WHERE account_id = @account_id AND is_first FOR NO KEY UPDATE;

-- name: Subscription_LockMany :many
-- row: HeldSubscription
SELECT id, account_id FROM telecom.subscriptions WHERE id = ANY(@subscription_ids::uuid[])
ORDER BY id FOR NO KEY UPDATE;

-- name: Subscription_LockOfAccount :many
SELECT id, account_id, suspended FROM telecom.subscriptions WHERE account_id = @account_id
ORDER BY id FOR NO KEY UPDATE;

-- name: Subscription_LockDue :many
-- row: HeldSubscription
-- Subscriptions whose active package has run out of time or is due to reset, longest due first,
-- without those that another transaction holds.
SELECT id, account_id FROM telecom.subscriptions
WHERE id IN (
  (SELECT q.subscription_id FROM telecom.package_queue q
   WHERE q.status = 'active' AND q.expires_at <= @now::timestamptz ORDER BY q.expires_at
   LIMIT @row_limit)
  UNION ALL
  (SELECT q.subscription_id FROM telecom.package_queue q
   WHERE q.status = 'active' AND q.resets_at <= @now::timestamptz ORDER BY q.resets_at
   LIMIT @row_limit))
ORDER BY id
LIMIT @row_limit
FOR NO KEY UPDATE SKIP LOCKED;

-- name: Subscription_CountOfAccount :one
-- always one
SELECT count(*) AS subscriptions FROM telecom.subscriptions WHERE account_id = @account_id;

-- name: Subscription_ListOfAccount :many
-- row: SubscriptionSummary
-- An account's subscriptions, each with its active package.
SELECT s.id, s.account_id, s.node_user_id, s.link_token, s.suspended, s.created_at,
  s.last_fetched_at, q.id AS item_id, p.name AS package_name, q.upload, q.download, q.adjust_quota,
  p.quota_bytes, q.activated_at, q.expires_at, q.resets_at, q.exhausted_at
FROM telecom.subscriptions s
LEFT JOIN telecom.package_queue q ON q.subscription_id = s.id AND q.status = 'active'
LEFT JOIN telecom.packages p ON p.id = q.package_id
WHERE s.account_id = @account_id AND s.id > @after
ORDER BY s.id
LIMIT @row_limit;

-- name: Subscription_Find :one
-- row: SubscriptionSummary
SELECT s.id, s.account_id, s.node_user_id, s.link_token, s.suspended, s.created_at,
  s.last_fetched_at, q.id AS item_id, p.name AS package_name, q.upload, q.download, q.adjust_quota,
  p.quota_bytes, q.activated_at, q.expires_at, q.resets_at, q.exhausted_at
FROM telecom.subscriptions s
LEFT JOIN telecom.package_queue q ON q.subscription_id = s.id AND q.status = 'active'
LEFT JOIN telecom.packages p ON p.id = q.package_id
WHERE s.id = @id;

-- name: Subscription_ReplaceLinkToken :execrows
UPDATE telecom.subscriptions SET link_token = @link_token
WHERE id = @id AND account_id = @account_id;

-- name: Subscription_ReplaceCredential :execrows
UPDATE telecom.subscriptions SET credential = @credential WHERE id = @id;

-- name: Subscription_SetSuspended :execrows
UPDATE telecom.subscriptions SET suspended = @suspended
WHERE id = ANY(@subscription_ids::uuid[]) AND suspended <> @suspended;

-- name: Subscription_FindLinked :many
-- The subscriptions whose links these are, each with its active package and the version of what
-- that may use. `link_tokens` are the tokens of 32 bytes one after the other.
-- pipelined
-- nullable: hwid_limit
SELECT s.id, s.link_token, s.account_id, s.credential, s.suspended, q.id AS item_id, q.upload,
  q.download, q.adjust_quota, q.expires_at, q.resets_at, q.exhausted_at, p.quota_bytes, p.group_id,
  g.version AS group_version, coalesce(s.hwid_limit, p.hwid_limit) AS hwid_limit,
  EXISTS (
    SELECT 1 FROM telecom.package_queue e WHERE e.subscription_id = s.id)::boolean AS had_packages
FROM telecom.subscriptions s
LEFT JOIN telecom.package_queue q ON q.subscription_id = s.id AND q.status = 'active'
LEFT JOIN telecom.packages p ON p.id = q.package_id
LEFT JOIN telecom.node_groups g ON g.id = p.group_id
WHERE s.link_token = ANY(ARRAY(
  SELECT substring(@link_tokens::bytea FROM n * 32 + 1 FOR 32)
  FROM generate_series(0, length(@link_tokens::bytea) / 32 - 1) AS n));

-- name: NodeServer_ListUsers :many
-- Who may use a server: the subscriptions whose active package has time and traffic left and whose
-- group has an enabled client of it.
-- Keep the condition on traffic in step with `Quota.isUsedUp`.
SELECT s.node_user_id, s.credential, p.speed_limit, p.device_limit
FROM telecom.package_queue q
JOIN telecom.packages p ON p.id = q.package_id
JOIN telecom.subscriptions s ON s.id = q.subscription_id
WHERE q.status = 'active' AND q.expires_at > @now::timestamptz
  AND q.upload + q.download < p.quota_bytes + q.adjust_quota
  AND NOT s.suspended
  AND p.group_id IN (
    SELECT m.group_id FROM telecom.node_client_groups m
    JOIN telecom.node_clients c ON c.id = m.client_id
    WHERE c.server_id = @server_id AND c.enabled)
ORDER BY s.node_user_id;
