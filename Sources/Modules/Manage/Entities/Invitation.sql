-- name: Invitation_Insert :exec
INSERT INTO manage.invitations (id, token_hash, role, created_at, created_by, expires_at)
VALUES (@id, @token_hash, @role, @created_at, sqlc.narg(created_by), @expires_at);

-- name: Invitation_Lock :one
-- Finds an invitation and locks its row, so that two callers can't both use it.
SELECT id, role, expires_at, used_at FROM manage.invitations
WHERE token_hash = @token_hash FOR UPDATE;

-- name: Invitation_MarkUsed :exec
UPDATE manage.invitations SET used_at = @used_at::timestamptz, used_by = @used_by::uuid
WHERE id = @id;
