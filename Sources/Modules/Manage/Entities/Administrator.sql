-- name: Administrator_Insert :exec
INSERT INTO manage.admins (id, name, role, created_at) VALUES (@id, @name, @role, @created_at);

-- name: Administrator_List :many
SELECT id, name, role, disabled, created_at, last_login_at FROM manage.admins WHERE id > @after
ORDER BY id LIMIT @row_limit;

-- name: Administrator_MarkLoggedIn :exec
UPDATE manage.admins SET last_login_at = @at::timestamptz WHERE id = @id;

-- name: Administrator_Lock :one
-- Finds an operator and locks its row, so that two changes of it follow each other.
SELECT id, role, disabled FROM manage.admins WHERE id = @id FOR UPDATE;

-- name: Administrator_LockSuperAdmins :many
-- Those that can log in, locked in the order of their ids, so that the last ones can't remove each
-- other at the same time.
SELECT id FROM manage.admins WHERE role = 'SuperAdmin' AND NOT disabled ORDER BY id FOR UPDATE;

-- name: Administrator_SetRole :exec
UPDATE manage.admins SET role = @role WHERE id = @id;

-- name: Administrator_SetDisabled :exec
UPDATE manage.admins SET disabled = @disabled WHERE id = @id;
