-- name: NodeGroup_Insert :execrows
-- One row: the group is made. No row: its name is taken.
INSERT INTO telecom.node_groups (id, name, created_at) VALUES (@id, @name, @created_at)
ON CONFLICT (name) DO NOTHING;

-- name: NodeGroup_List :many
SELECT id, name, version, created_at FROM telecom.node_groups WHERE id > @after ORDER BY id
LIMIT @row_limit;

-- name: NodeGroup_FindExisting :many
-- Those of `group_ids` that exist.
SELECT id FROM telecom.node_groups WHERE id = ANY(@group_ids::uuid[]);

-- name: NodeGroup_Bump :execrows
-- Increases the versions of groups whose members or nodes changed. It must be the last statement of
-- the transaction. Locks in id order.
WITH locked AS (SELECT id FROM telecom.node_groups WHERE id = ANY(@group_ids::uuid[]) ORDER BY id
  FOR NO KEY UPDATE)
UPDATE telecom.node_groups g SET version = g.version + 1 FROM locked WHERE g.id = locked.id;

-- name: NodeGroup_FindVersion :one
-- The version of what a group's subscriptions see.
-- pipelined
SELECT version FROM telecom.node_groups WHERE id = @id;

-- name: NodeGroup_ListVersionsOfServer :many
-- The groups whose packages may use a server, with their versions: read them before the users, so
-- that a list is never older than its tag.
-- pipelined
SELECT g.id, g.version FROM telecom.node_groups g
WHERE g.id IN (
  SELECT m.group_id FROM telecom.node_client_groups m
  JOIN telecom.node_clients c ON c.id = m.client_id
  WHERE c.server_id = @server_id AND c.enabled)
ORDER BY g.id;
