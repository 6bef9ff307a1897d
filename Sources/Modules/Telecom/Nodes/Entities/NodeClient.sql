-- name: NodeClient_Insert :exec
INSERT INTO telecom.node_clients (id, server_id, name, host, port, relay, front, region, tags,
  sort_order, enabled, created_at)
VALUES (@id, @server_id, @name, @host, @port, @relay, @front, @region, @tags, @sort_order, @enabled,
  @created_at);

-- name: NodeClient_Lock :one
-- Finds a client and locks its row, so that a second change sees the first one.
SELECT id, maintenance_since, created_at FROM telecom.node_clients WHERE id = @id FOR UPDATE;

-- name: NodeClient_List :many
-- row: NodeClient
-- not null: group_ids
SELECT c.id, c.server_id, c.name, c.host, c.port, c.relay, c.front, c.region, c.tags, c.sort_order,
  c.enabled, c.maintenance_since, c.created_at,
  ARRAY(
    SELECT m.group_id FROM telecom.node_client_groups m
    WHERE m.client_id = c.id ORDER BY m.group_id)::uuid[] AS group_ids
FROM telecom.node_clients c
WHERE c.id > @after AND (sqlc.narg(of_server)::integer IS NULL
  OR c.server_id = sqlc.narg(of_server))
ORDER BY c.id
LIMIT @row_limit;

-- name: NodeClient_Find :one
-- row: NodeClient
-- not null: group_ids
SELECT c.id, c.server_id, c.name, c.host, c.port, c.relay, c.front, c.region, c.tags, c.sort_order,
  c.enabled, c.maintenance_since, c.created_at,
  ARRAY(
    SELECT m.group_id FROM telecom.node_client_groups m
    WHERE m.client_id = c.id ORDER BY m.group_id)::uuid[] AS group_ids
FROM telecom.node_clients c WHERE c.id = @id;

-- name: NodeClient_Update :exec
UPDATE telecom.node_clients
SET server_id = @server_id, name = @name, host = @host, port = @port, relay = @relay,
  front = @front, region = @region, tags = @tags, sort_order = @sort_order, enabled = @enabled
WHERE id = @id;

-- name: NodeClient_SetMaintenance :execrows
-- One row: this changed something.
UPDATE telecom.node_clients
SET maintenance_since = CASE WHEN @in_maintenance::boolean THEN @now::timestamptz END
WHERE id = @id AND (maintenance_since IS NOT NULL) <> @in_maintenance::boolean;

-- name: NodeClient_Delete :exec
DELETE FROM telecom.node_clients WHERE id = @id;

-- name: NodeClient_RememberGroupServers :exec
-- Keeps which server the groups of a client could use, before that changes.
INSERT INTO telecom.past_group_servers (group_id, server_id, removed_at)
SELECT m.group_id, c.server_id, @removed_at::timestamptz
FROM telecom.node_clients c JOIN telecom.node_client_groups m ON m.client_id = c.id
WHERE c.id = @client_id
ORDER BY m.group_id
ON CONFLICT (group_id, server_id) DO UPDATE SET removed_at = excluded.removed_at;

-- name: NodeGroup_PrunePastServers :execrows
DELETE FROM telecom.past_group_servers WHERE removed_at < @removed_before::timestamptz;

-- name: NodeClient_ListGroups :many
SELECT group_id FROM telecom.node_client_groups WHERE client_id = @client_id;

-- name: NodeClient_JoinGroups :exec
INSERT INTO telecom.node_client_groups (client_id, group_id)
SELECT @client_id, unnest(@group_ids::uuid[])
ON CONFLICT DO NOTHING;

-- name: NodeClient_LeaveOtherGroups :exec
-- Takes a client out of every group but `group_ids`.
DELETE FROM telecom.node_client_groups WHERE client_id = @client_id
  AND group_id <> ALL(@group_ids::uuid[]);

-- name: NodeClient_ListOfGroup :many
-- The clients that packages of a group may use, in the order in which documents list them. Clients
-- in maintenance are left out.
-- pipelined
SELECT c.id, c.server_id, c.name, c.host, c.port, c.relay, c.front, c.region, c.tags, s.settings,
  s.factor_thousandths
FROM telecom.node_client_groups m
JOIN telecom.node_clients c ON c.id = m.client_id
JOIN telecom.node_servers s ON s.id = c.server_id
WHERE m.group_id = @group_id AND c.enabled AND s.enabled AND c.maintenance_since IS NULL
  AND s.maintenance_since IS NULL
ORDER BY c.sort_order, c.name, c.id;

-- name: NodeClient_ListOfSubscription :many
-- The nodes of a subscription's package in use, in the order of documents, with those in
-- maintenance; after the one at `after_sort_order`, `after_name` and `after_id`, which are null
-- together. Keep the condition on traffic in step with `Quota.isUsedUp`.
-- nullable: local_minute
-- not null: in_maintenance
SELECT c.id, c.name, c.region, c.tags, c.sort_order,
  (c.maintenance_since IS NOT NULL OR s.maintenance_since IS NOT NULL)::boolean AS in_maintenance,
  s.factor_thousandths, s.factor_schedule,
  telecom.minute_of_day(@now::timestamptz, s.factor_schedule->>'time_zone') AS local_minute,
  s.pull_interval, s.push_interval,
  s.last_pulled_at, s.last_pushed_at
FROM telecom.package_queue q
JOIN telecom.packages p ON p.id = q.package_id
JOIN telecom.node_client_groups m ON m.group_id = p.group_id
JOIN telecom.node_clients c ON c.id = m.client_id
JOIN telecom.node_servers s ON s.id = c.server_id
WHERE q.subscription_id = @subscription_id AND q.status = 'active' AND q.exhausted_at IS NULL
  AND q.expires_at > @now::timestamptz
  AND q.upload + q.download < p.quota_bytes + q.adjust_quota AND c.enabled AND s.enabled
  AND (sqlc.narg(after_id)::uuid IS NULL OR (c.sort_order, c.name, c.id)
    > (sqlc.narg(after_sort_order)::integer, sqlc.narg(after_name)::text,
    sqlc.narg(after_id)::uuid))
ORDER BY c.sort_order, c.name, c.id
LIMIT @row_limit;
