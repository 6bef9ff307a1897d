-- name: Installation_Claim :exec
-- Names the tenant of a database that has none.
INSERT INTO platform.installation (tenant_id, created_at) VALUES (@tenant_id, @created_at)
ON CONFLICT DO NOTHING;

-- name: Installation_FindTenant :one
SELECT tenant_id FROM platform.installation;

-- name: Installation_Ping :one
-- always one
-- pipelined
SELECT 1::integer AS answer;

-- name: Installation_HasTable :one
-- always one
-- not null: found
SELECT (to_regclass('platform.installation') IS NOT NULL)::boolean AS found;
