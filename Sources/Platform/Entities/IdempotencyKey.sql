-- name: IdempotencyKey_Claim :execrows
-- One row: this call makes the effect. No row: another one did, or is at it (then this waits for
-- its commit).
INSERT INTO platform.idempotency_keys (caller, method, key, request_digest, created_at)
VALUES (@caller, @method, @key, @request_digest, @created_at)
ON CONFLICT DO NOTHING;

-- name: IdempotencyKey_FindResponse :one
SELECT request_digest, response FROM platform.idempotency_keys
WHERE caller = @caller AND method = @method AND key = @key;

-- name: IdempotencyKey_StoreResponse :exec
UPDATE platform.idempotency_keys SET response = @response
WHERE caller = @caller AND method = @method AND key = @key;

-- name: IdempotencyKey_Prune :execrows
DELETE FROM platform.idempotency_keys
WHERE ctid = ANY(ARRAY(
  SELECT k.ctid FROM platform.idempotency_keys k
  WHERE k.created_at < @created_before LIMIT @batch));
