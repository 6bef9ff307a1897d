-- name: AuditRow_Insert :exec
INSERT INTO manage.audit_log (id, at, admin_id, role, operation, target_kind, target_id, detail,
  outcome, remote_address, request_id)
VALUES (@id, @at, @admin_id, @role, @operation, @target_kind, @target_id, @detail, @outcome,
  @remote_address, @request_id);

-- name: AuditRow_Search :many
-- Newest first. A parameter that is null matches everything.
SELECT id, at, admin_id, role, operation, target_kind, target_id, detail, outcome, remote_address,
  request_id
FROM manage.audit_log
WHERE (sqlc.narg(before)::uuid IS NULL OR id < sqlc.narg(before)::uuid)
  AND (sqlc.narg(by_admin)::uuid IS NULL OR admin_id = sqlc.narg(by_admin)::uuid)
  AND (sqlc.narg(of_operation)::text IS NULL OR operation = sqlc.narg(of_operation)::text)
  AND (sqlc.narg(on_kind)::text IS NULL OR target_kind = sqlc.narg(on_kind)::text)
  AND (sqlc.narg(on_id)::text IS NULL OR target_id = sqlc.narg(on_id)::text)
  AND (sqlc.narg(from_time)::timestamptz IS NULL OR at >= sqlc.narg(from_time)::timestamptz)
  AND (sqlc.narg(until_time)::timestamptz IS NULL OR at < sqlc.narg(until_time)::timestamptz)
ORDER BY id DESC
LIMIT @row_limit;
