-- name: Account_Insert :execrows
-- No row: the address already has an account.
INSERT INTO auth.accounts (id, email, password_hash, created_at)
VALUES (@id, @email, @password_hash, @created_at)
ON CONFLICT (email) DO NOTHING;

-- name: Account_FindByEmail :one
SELECT id, password_hash, is_banned FROM auth.accounts WHERE email = @email;

-- name: Account_Find :one
-- row: Account
SELECT id, email, is_banned, created_at, last_login_at FROM auth.accounts WHERE id = @id;

-- name: Account_Lock :one
-- row: Account
-- Finds an account and locks its row, so that a ban can't be lifted while the account is erased.
SELECT id, email, is_banned, created_at, last_login_at FROM auth.accounts WHERE id = @id
FOR NO KEY UPDATE;

-- name: Account_Search :many
-- row: Account
-- Newest first. A parameter that is null matches everything.
SELECT id, email, is_banned, created_at, last_login_at FROM auth.accounts
WHERE (sqlc.narg(before)::uuid IS NULL OR id < sqlc.narg(before)::uuid)
  AND (sqlc.narg(with_email)::text IS NULL OR email = sqlc.narg(with_email)::text)
  AND (sqlc.narg(banned)::boolean IS NULL OR is_banned = sqlc.narg(banned)::boolean)
ORDER BY id DESC
LIMIT @row_limit;

-- name: Account_SetBanned :execrows
UPDATE auth.accounts SET is_banned = @is_banned WHERE id = @id AND is_banned <> @is_banned;

-- name: Account_MarkLoggedIn :exec
UPDATE auth.accounts SET last_login_at = @at::timestamptz,
  password_hash = coalesce(sqlc.narg(new_hash), password_hash)
WHERE id = @id;

-- name: Account_FindPassword :one
SELECT email, password_hash FROM auth.accounts WHERE id = @id;

-- name: Account_ReplacePassword :execrows
-- No row: the password has changed in the meantime.
UPDATE auth.accounts SET password_hash = @new_hash WHERE id = @id AND password_hash = @old_hash;

-- name: Account_Erase :execrows
-- The row stays, because orders refer to it, but it names nobody. No row: there is no such account.
UPDATE auth.accounts
SET email = 'erased-' || id || '@invalid', password_hash = @password_hash, is_banned = true
WHERE id = @id;
