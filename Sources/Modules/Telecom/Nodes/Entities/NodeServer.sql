-- name: NodeServer_Insert :one
-- always one
INSERT INTO telecom.node_servers
  (name, protocol, settings, routes, factor_thousandths, factor_schedule, push_interval,
   pull_interval, token_hash, enabled, created_at)
VALUES
  (@name, @protocol, @settings, @routes, @factor_thousandths, @factor_schedule, @push_interval,
   @pull_interval, @token_hash, @enabled, @created_at)
RETURNING id;

-- name: NodeServer_Lock :one
-- row: NodeServer
-- Finds a server and locks its row, so that a second change sees the first one.
-- nullable: local_minute
SELECT id, name, settings, routes, factor_thousandths, factor_schedule,
  telecom.minute_of_day(@now::timestamptz, factor_schedule->>'time_zone') AS local_minute,
  push_interval, pull_interval, enabled, version, maintenance_since, silent_since, created_at,
  last_pulled_at, last_pushed_at
FROM telecom.node_servers WHERE id = @id AND deleted_at IS NULL
FOR NO KEY UPDATE;

-- name: NodeServer_Find :one
-- row: NodeServer
-- nullable: local_minute
SELECT id, name, settings, routes, factor_thousandths, factor_schedule,
  telecom.minute_of_day(@now::timestamptz, factor_schedule->>'time_zone') AS local_minute,
  push_interval, pull_interval, enabled, version, maintenance_since, silent_since, created_at,
  last_pulled_at, last_pushed_at
FROM telecom.node_servers WHERE id = @id AND deleted_at IS NULL;

-- name: NodeServer_List :many
-- row: NodeServer
-- nullable: local_minute
SELECT id, name, settings, routes, factor_thousandths, factor_schedule,
  telecom.minute_of_day(@now::timestamptz, factor_schedule->>'time_zone') AS local_minute,
  push_interval, pull_interval, enabled, version, maintenance_since, silent_since, created_at,
  last_pulled_at, last_pushed_at
FROM telecom.node_servers WHERE id > @after AND deleted_at IS NULL ORDER BY id LIMIT @row_limit;

-- name: NodeServer_Update :exec
UPDATE telecom.node_servers
SET name = @name, protocol = @protocol, settings = @settings, routes = @routes,
  factor_thousandths = @factor_thousandths, factor_schedule = @factor_schedule,
  push_interval = @push_interval, pull_interval = @pull_interval, enabled = @enabled,
  version = @version, silent_since = CASE WHEN @enabled THEN silent_since END
WHERE id = @id;

-- name: NodeServer_ReplaceToken :execrows
UPDATE telecom.node_servers SET token_hash = @token_hash WHERE id = @id AND deleted_at IS NULL;

-- name: NodeServer_ListGroups :many
-- The groups that any client of a server is in.
SELECT DISTINCT m.group_id FROM telecom.node_client_groups m
JOIN telecom.node_clients c ON c.id = m.client_id
WHERE c.server_id = @server_id;

-- name: NodeServer_FindByToken :one
-- The server whose token this is: who calls the node API.
-- pipelined
SELECT id FROM telecom.node_servers WHERE token_hash = @token_hash;

-- name: NodeServer_FindHost :one
-- Where a server is, as customers reach it: at the first of its clients in the order of documents,
-- in maintenance or not, and never at a relay.
SELECT c.host FROM telecom.node_clients c WHERE c.server_id = @server_id AND NOT c.relay
ORDER BY c.enabled DESC, c.sort_order, c.name, c.id LIMIT 1;

-- name: NodeServer_SetMaintenance :execrows
-- One row: this changed something.
UPDATE telecom.node_servers
SET maintenance_since = CASE WHEN @in_maintenance::boolean THEN @now::timestamptz END
WHERE id = @id AND (maintenance_since IS NOT NULL) <> @in_maintenance::boolean;

-- name: NodeServer_MarkDeleted :exec
-- Deletes a server whose row is locked. `token_hash` belongs to no token, so that the old token
-- stops working.
UPDATE telecom.node_servers SET deleted_at = @now::timestamptz, enabled = false,
  silent_since = NULL, token_hash = @token_hash
WHERE id = @id;

-- name: NodeServer_ListClientNames :many
-- The clients that lead to a server, in the order in which documents list them.
SELECT name FROM telecom.node_clients WHERE server_id = @server_id ORDER BY sort_order, name, id
LIMIT @row_limit;
