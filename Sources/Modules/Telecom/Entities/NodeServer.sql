-- name: InsertNodeServer :one
-- always one
INSERT INTO telecom.node_servers
  (name, protocol, settings, routes, factor_thousandths, push_interval, pull_interval, token_hash, enabled, created_at)
VALUES
  (@name, @protocol, @settings, @routes, @factor_thousandths, @push_interval, @pull_interval, @token_hash, @enabled, @created_at)
RETURNING id;

-- name: LockNodeServer :one
-- Finds a server and locks its row, so that of two changes the second sees the first.
SELECT id, name, settings, routes, factor_thousandths, push_interval, pull_interval, enabled, version, created_at, last_pulled_at,
  last_pushed_at
FROM telecom.node_servers WHERE id = @id FOR NO KEY UPDATE;

-- name: SelectNodeServer :one
SELECT id, name, settings, routes, factor_thousandths, push_interval, pull_interval, enabled, version, created_at, last_pulled_at,
  last_pushed_at
FROM telecom.node_servers WHERE id = @id;

-- name: SelectNodeServers :many
SELECT id, name, settings, routes, factor_thousandths, push_interval, pull_interval, enabled, version, created_at, last_pulled_at,
  last_pushed_at
FROM telecom.node_servers WHERE id > @after ORDER BY id LIMIT @row_limit;

-- name: UpdateNodeServerRow :exec
UPDATE telecom.node_servers
SET name = @name, protocol = @protocol, settings = @settings, routes = @routes, factor_thousandths = @factor_thousandths,
  push_interval = @push_interval, pull_interval = @pull_interval, enabled = @enabled, version = @version
WHERE id = @id;

-- name: ReplaceNodeServerToken :execrows
UPDATE telecom.node_servers SET token_hash = @token_hash WHERE id = @id;

-- name: GroupsOfServer :many
-- The groups that any client of a server is in.
SELECT DISTINCT m.group_id FROM telecom.node_client_groups m JOIN telecom.node_clients c ON c.id = m.client_id
WHERE c.server_id = @server_id;

-- name: FindNodeServerByToken :one
-- The server whose token this is: who calls the node API.
-- pipelined
SELECT id FROM telecom.node_servers WHERE token_hash = @token_hash;

-- name: HostOfServer :one
-- Where customers reach a server: at the client of it that documents list first.
SELECT c.host FROM telecom.node_clients c WHERE c.server_id = @server_id ORDER BY c.enabled DESC, c.sort_order, c.id LIMIT 1;
