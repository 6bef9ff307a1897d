-- name: APIKey_Insert :exec
INSERT INTO manage.api_keys (id, admin_id, name, key_hash, created_at, expires_at)
VALUES (@id, @admin_id, @name, @key_hash, @created_at, sqlc.narg(expires_at));

-- name: APIKey_Find :one
SELECT k.id, k.admin_id, k.expires_at, k.revoked_at, a.role, a.disabled
FROM manage.api_keys k JOIN manage.admins a ON a.id = k.admin_id
WHERE k.key_hash = @key_hash;

-- name: APIKey_FindOfToken :one
-- Whether the key that an admin token was issued for is still valid, and its owner's current role.
-- pipelined
SELECT k.expires_at, k.revoked_at, a.role, a.disabled
FROM manage.api_keys k JOIN manage.admins a ON a.id = k.admin_id
WHERE k.id = @id AND k.admin_id = @admin_id;

-- name: APIKey_MarkUsed :exec
UPDATE manage.api_keys SET last_used_at = @at::timestamptz WHERE id = @id;

-- name: APIKey_List :many
-- row: APIKey
SELECT id, admin_id, name, created_at, expires_at, revoked_at, last_used_at
FROM manage.api_keys WHERE admin_id = @admin_id AND id > @after ORDER BY id LIMIT @row_limit;

-- name: APIKey_Revoke :exec
UPDATE manage.api_keys SET revoked_at = @at::timestamptz WHERE id = @id AND revoked_at IS NULL;

-- name: APIKey_Lock :one
-- row: APIKey
-- Finds a key and locks its row, so that it is revoked or replaced once.
SELECT id, admin_id, name, created_at, expires_at, revoked_at, last_used_at FROM manage.api_keys
WHERE id = @id FOR UPDATE;
