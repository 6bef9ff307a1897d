-- name: InsertAdministrator :exec
INSERT INTO manage.admins (id, name, role, created_at) VALUES (@id, @name, @role, @created_at);

-- name: SelectAdministrators :many
SELECT id, name, role, disabled, created_at, last_login_at FROM manage.admins WHERE id > @after ORDER BY id LIMIT @row_limit;

-- name: MarkAdministratorLoggedIn :exec
UPDATE manage.admins SET last_login_at = @at::timestamptz WHERE id = @id;

-- name: LockAdministrator :one
-- Finds an operator and locks its row, so that two changes of it follow each other.
SELECT id, role, disabled FROM manage.admins WHERE id = @id FOR UPDATE;

-- name: LockSuperAdmins :many
-- Those that can log in, locked in the order of their ids, so that the last ones can't remove each other at the same time.
SELECT id FROM manage.admins WHERE role = 'SuperAdmin' AND NOT disabled ORDER BY id FOR UPDATE;

-- name: SetAdministratorRole :exec
UPDATE manage.admins SET role = @role WHERE id = @id;

-- name: SetAdministratorDisabled :exec
UPDATE manage.admins SET disabled = @disabled WHERE id = @id;
