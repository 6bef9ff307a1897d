-- name: DemoData_CountAccounts :one
-- The first customer of the demo data, the others of it, and all who are none.
-- always one
SELECT count(*) FILTER (WHERE email = @first::text) AS first,
  count(*) FILTER (WHERE email LIKE 'customer%@demo.test') AS more,
  count(*) FILTER (WHERE email NOT LIKE '%@demo.test') AS others
FROM auth.accounts;

-- name: DemoData_ReplacePasswordHash :exec
UPDATE auth.accounts SET password_hash = @password_hash WHERE id = @id;

-- name: DemoData_InsertAccounts :exec
-- Customers who share the password of the account `model_id`.
INSERT INTO auth.accounts (id, email, password_hash, created_at)
SELECT made.id, made.email, model.password_hash, made.created_at
FROM (
  SELECT unnest(@account_ids::uuid[]) AS id, unnest(@emails::text[]) AS email,
    unnest(@created::timestamptz[]) AS created_at) AS made,
  auth.accounts model
WHERE model.id = @model_id;
