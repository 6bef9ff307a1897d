-- name: ClaimInstallation :exec
-- Names the tenant of a database that has none.
INSERT INTO platform.installation (tenant_id, created_at) VALUES (@tenant_id, @created_at) ON CONFLICT DO NOTHING;

-- name: SelectInstallation :one
SELECT tenant_id FROM platform.installation;

-- name: Ping :one
-- always one
-- pipelined
SELECT 1::integer AS answer;

-- name: FindInstallationTable :one
-- always one
-- not null: found
SELECT (to_regclass('platform.installation') IS NOT NULL)::boolean AS found;
