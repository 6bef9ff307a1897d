-- name: RuleHits_Add :exec
-- Adds hits of a node's rules by users' traffic today. Unknown users are left out. Locks in the
-- order of keys.
INSERT INTO telecom.rule_hits AS h (subscription_id, day, node_id, rule_id, hits, first_hit_at,
  last_hit_at)
SELECT s.id, (hit.at AT TIME ZONE 'UTC')::date, @node_id::integer, hit.rule_id, hit.hits, hit.at,
  hit.at
FROM (
  SELECT unnest(@rule_ids::integer[]) AS rule_id, unnest(@node_user_ids::integer[]) AS node_user_id,
    unnest(@hits::bigint[]) AS hits, @now::timestamptz AS at) AS hit
JOIN telecom.subscriptions s ON s.node_user_id = hit.node_user_id
ORDER BY s.id, hit.rule_id
ON CONFLICT (subscription_id, day, node_id, rule_id) DO UPDATE SET
  hits = h.hits + excluded.hits, last_hit_at = greatest(h.last_hit_at, excluded.last_hit_at);

-- name: RuleHits_List :many
-- What users' traffic met, by day, user, node and rule, the newest first.
SELECT h.id, h.subscription_id, s.account_id, s.node_user_id, h.node_id, h.rule_id, h.hits,
  h.first_hit_at, h.last_hit_at
FROM telecom.rule_hits h JOIN telecom.subscriptions s ON s.id = h.subscription_id
WHERE h.id < @before
  AND (sqlc.narg(node_id)::integer IS NULL OR h.node_id = sqlc.narg(node_id)::integer)
  AND (sqlc.narg(subscription_id)::uuid IS NULL
    OR h.subscription_id = sqlc.narg(subscription_id)::uuid)
ORDER BY h.id DESC
LIMIT @row_limit;

-- name: RuleHits_Prune :execrows
DELETE FROM telecom.rule_hits
WHERE id = ANY(ARRAY(
  SELECT r.id FROM (SELECT @kept_since::timestamptz AS since) AS kept
  JOIN telecom.rule_hits r ON r.day < (kept.since AT TIME ZONE 'UTC')::date
  LIMIT @batch FOR UPDATE OF r SKIP LOCKED));

-- name: RuleHits_DeleteAll :exec
-- Deletes the hits of subscriptions. Locks in the order of keys.
DELETE FROM telecom.rule_hits
WHERE id IN (
  SELECT h.id FROM telecom.rule_hits h WHERE h.subscription_id = ANY(@subscription_ids::uuid[])
  ORDER BY h.subscription_id, h.rule_id FOR UPDATE);
