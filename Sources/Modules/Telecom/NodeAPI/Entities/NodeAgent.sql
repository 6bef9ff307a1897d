-- name: NodeAgent_Find :one
-- The server that an agent says it serves, with what its user list depends on. `due`: a package in
-- the list has run out of time, or one that isn't in the list is due to reset.
-- pipelined
-- not null: group_ids, group_versions, due
SELECT s.id, s.token_hash, s.settings, s.routes, s.factor_thousandths, s.push_interval,
  s.pull_interval, s.version, s.enabled, s.last_pulled_at, s.last_pushed_at,
  ARRAY(
    SELECT g.id FROM telecom.node_groups g
    WHERE g.id IN (
      SELECT m.group_id FROM telecom.node_client_groups m
      JOIN telecom.node_clients c ON c.id = m.client_id
      WHERE c.server_id = s.id AND c.enabled)
    ORDER BY g.id)::uuid[] AS group_ids,
  ARRAY(
    SELECT g.version FROM telecom.node_groups g
    WHERE g.id IN (
      SELECT m.group_id FROM telecom.node_client_groups m
      JOIN telecom.node_clients c ON c.id = m.client_id
      WHERE c.server_id = s.id AND c.enabled)
    ORDER BY g.id)::bigint[] AS group_versions,
  -- The earliest moments first, each by its index: almost always nothing is due, and then nothing
  -- else is looked at.
  (coalesce(
    least(
      (SELECT min(a.expires_at) FROM telecom.package_queue a WHERE a.status = 'active'),
      (SELECT min(b.resets_at) FROM telecom.package_queue b WHERE b.status = 'active'
        AND b.resets_at IS NOT NULL)) <= @now::timestamptz,
    false)
  AND EXISTS (
    SELECT 1 FROM telecom.package_queue q JOIN telecom.packages p ON p.id = q.package_id
    WHERE q.status = 'active'
      AND (q.expires_at <= @now::timestamptz OR q.resets_at <= @now::timestamptz)
      AND p.group_id IN (
        SELECT m.group_id FROM telecom.node_client_groups m
        JOIN telecom.node_clients c ON c.id = m.client_id
        WHERE c.server_id = s.id AND c.enabled)))::boolean AS due
FROM telecom.node_servers s
WHERE s.id = @id AND s.deleted_at IS NULL;

-- name: NodeAgent_MarkPulled :exec
-- Notes that an agent asked for its users.
UPDATE telecom.node_servers SET last_pulled_at = @now::timestamptz
WHERE id = @id AND (last_pulled_at IS NULL OR last_pulled_at <= @noted_before::timestamptz);

-- name: NodeAgent_MarkPushed :exec
-- Notes that an agent reported traffic.
UPDATE telecom.node_servers SET last_pushed_at = @now::timestamptz
WHERE id = @id AND (last_pushed_at IS NULL OR last_pushed_at <= @noted_before::timestamptz);

-- name: NodeAgent_FindLimitedUsers :many
-- The users among `node_user_ids` whose active package limits their devices.
-- pipelined
SELECT s.node_user_id
FROM telecom.subscriptions s
JOIN telecom.package_queue q ON q.subscription_id = s.id AND q.status = 'active'
JOIN telecom.packages p ON p.id = q.package_id
WHERE s.node_user_id = ANY(@node_user_ids::integer[]) AND p.device_limit IS NOT NULL
ORDER BY s.node_user_id;

-- name: Subscription_ListOfNodeUsers :many
SELECT s.id, s.account_id, s.node_user_id FROM telecom.subscriptions s
WHERE s.node_user_id = ANY(@node_user_ids::integer[]) ORDER BY s.node_user_id;
