-- name: InsertNodeClient :exec
INSERT INTO telecom.node_clients (id, server_id, name, host, port, region, tags, sort_order, enabled, created_at)
VALUES (@id, @server_id, @name, @host, @port, @region, @tags, @sort_order, @enabled, @created_at);

-- name: LockNodeClient :one
-- Finds a client and locks its row, so that of two changes the second sees the first.
SELECT id, created_at FROM telecom.node_clients WHERE id = @id FOR UPDATE;

-- name: SelectNodeClients :many
-- not null: group_ids
SELECT c.id, c.server_id, c.name, c.host, c.port, c.region, c.tags, c.sort_order, c.enabled, c.created_at,
  ARRAY(SELECT m.group_id FROM telecom.node_client_groups m WHERE m.client_id = c.id ORDER BY m.group_id)::uuid[] AS group_ids
FROM telecom.node_clients c
WHERE c.id > @after AND (sqlc.narg(of_server)::integer IS NULL OR c.server_id = sqlc.narg(of_server))
ORDER BY c.id
LIMIT @row_limit;

-- name: UpdateNodeClientRow :exec
UPDATE telecom.node_clients
SET server_id = @server_id, name = @name, host = @host, port = @port, region = @region, tags = @tags, sort_order = @sort_order,
  enabled = @enabled
WHERE id = @id;

-- name: DeleteNodeClientRow :exec
DELETE FROM telecom.node_clients WHERE id = @id;

-- name: RememberGroupServers :exec
-- Keeps which server the groups of a client could use, before that changes.
INSERT INTO telecom.past_group_servers (group_id, server_id, removed_at)
SELECT m.group_id, c.server_id, @removed_at::timestamptz
FROM telecom.node_clients c JOIN telecom.node_client_groups m ON m.client_id = c.id
WHERE c.id = @client_id
ORDER BY m.group_id
ON CONFLICT (group_id, server_id) DO UPDATE SET removed_at = excluded.removed_at;

-- name: PrunePastGroupServers :execrows
DELETE FROM telecom.past_group_servers WHERE removed_at < @removed_before::timestamptz;

-- name: GroupsOfClient :many
SELECT group_id FROM telecom.node_client_groups WHERE client_id = @client_id;

-- name: InsertNodeClientGroups :exec
INSERT INTO telecom.node_client_groups (client_id, group_id) SELECT @client_id, unnest(@group_ids::uuid[]) ON CONFLICT DO NOTHING;

-- name: DeleteOtherNodeClientGroups :exec
-- Takes a client out of every group but `group_ids`.
DELETE FROM telecom.node_client_groups WHERE client_id = @client_id AND group_id <> ALL(@group_ids::uuid[]);

-- name: NodeClientsOfGroup :many
-- What a package of the group lets its customer connect to, in the order in which documents list it.
-- pipelined
SELECT c.id, c.server_id, c.name, c.host, c.port, c.region, c.tags, s.settings, s.factor_thousandths
FROM telecom.node_client_groups m
JOIN telecom.node_clients c ON c.id = m.client_id
JOIN telecom.node_servers s ON s.id = c.server_id
WHERE m.group_id = @group_id AND c.enabled AND s.enabled
ORDER BY c.sort_order, c.name, c.id;
