-- name: Wallet_ClaimCurrency :exec
INSERT INTO shop.wallet_currency (currency) VALUES (@currency) ON CONFLICT DO NOTHING;

-- name: Wallet_FindCurrency :one
SELECT currency FROM shop.wallet_currency;

-- name: Wallet_Open :exec
INSERT INTO shop.wallets (account_id, currency, available, frozen, created_at)
VALUES (@account_id, @currency, 0, 0, @created_at)
ON CONFLICT DO NOTHING;

-- name: Wallet_Find :one
SELECT currency, available, frozen FROM shop.wallets WHERE account_id = @account_id;

-- name: Wallet_Credit :one
-- Adds to a wallet; no row when there is none in that currency.
-- context: transaction
UPDATE shop.wallets SET available = available + @amount
WHERE account_id = @account_id AND currency = @currency
RETURNING available;

-- name: Wallet_Debit :one
-- Takes from a wallet; no row when it holds less.
-- context: transaction
UPDATE shop.wallets SET available = available - @amount
WHERE account_id = @account_id AND currency = @currency AND available >= @amount
RETURNING available;

-- name: WalletEntry_Insert :exec
-- context: transaction
INSERT INTO shop.wallet_entries (id, account_id, amount, currency, kind, reference, reason,
  created_at)
VALUES (@id, @account_id, @amount, @currency, @kind, @reference, @reason, @created_at);

-- name: WalletEntry_List :many
-- The newest first.
SELECT id, amount, currency, kind, reference, reason, created_at
FROM shop.wallet_entries
WHERE account_id = @account_id AND (sqlc.narg(before)::uuid IS NULL OR id < sqlc.narg(before)::uuid)
ORDER BY id DESC
LIMIT @row_limit;

-- name: Wallet_FindUnbalanced :many
-- The accounts whose ledger doesn't add up to their balance. There should never be any.
SELECT w.account_id
FROM shop.wallets w LEFT JOIN shop.wallet_entries e ON e.account_id = w.account_id
GROUP BY w.account_id
HAVING w.available + w.frozen <> coalesce(sum(e.amount), 0);
