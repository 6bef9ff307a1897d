-- name: GiftCard_InsertMany :exec
-- ids and code_hmacs in the same order; the hmacs in hexadecimal.
INSERT INTO shop.gift_cards (id, code_hmac, value, currency, created_at, expires_at)
SELECT unnest(@ids::uuid[]), decode(unnest(@code_hmacs::text[]), 'hex'), @value::bigint,
  @currency::text, @created_at::timestamptz, sqlc.narg(expires_at)::timestamptz;

-- name: GiftCard_Lock :one
-- row: GiftCard
-- Finds a card and locks its row, so that two callers can't both redeem it.
SELECT id, value, currency, created_at, expires_at, redeemed_by, redeemed_at
FROM shop.gift_cards WHERE code_hmac = @code_hmac FOR UPDATE;

-- name: GiftCard_MarkRedeemed :exec
UPDATE shop.gift_cards
SET redeemed_by = @redeemed_by::uuid, redeemed_at = @redeemed_at::timestamptz
WHERE id = @id;

-- name: GiftCard_Search :many
-- row: GiftCard
-- Newest first. A parameter that is null matches everything.
SELECT id, value, currency, created_at, expires_at, redeemed_by, redeemed_at
FROM shop.gift_cards
WHERE (sqlc.narg(before)::uuid IS NULL OR id < sqlc.narg(before)::uuid)
  AND (sqlc.narg(by_account)::uuid IS NULL OR redeemed_by = sqlc.narg(by_account)::uuid)
  AND (sqlc.narg(is_redeemed)::boolean IS NULL
    OR (redeemed_at IS NOT NULL) = sqlc.narg(is_redeemed)::boolean)
ORDER BY id DESC
LIMIT @row_limit;
