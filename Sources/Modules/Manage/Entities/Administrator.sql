-- name: InsertAdministrator :exec
INSERT INTO manage.admins (id, name, role, created_at) VALUES (@id, @name, @role, @created_at);

-- name: SelectAdministrators :many
SELECT id, name, role, disabled, created_at, last_login_at FROM manage.admins WHERE id > @after ORDER BY id LIMIT @row_limit;

-- name: MarkAdministratorLoggedIn :exec
UPDATE manage.admins SET last_login_at = @at::timestamptz WHERE id = @id;
